// Why the row of a file cannot be used. The catalogue says it in English; here it is said in Portuguese, with what it quotes.
import { currentLocale } from "@/i18n";

const portuguese: [RegExp, string][] = [
  [/^is empty: every row names its product$/, "está vazio: cada linha nomeia o seu produto"],
  [/^is empty: the first row of a product names it$/, "está vazio: a primeira linha de um produto dá-lhe nome"],
  [/^is empty: each variant has a value for each option$/, "está vazio: cada variante tem um valor por opção"],
  [/^is empty: each variant needs a SKU$/, "está vazio: cada variante precisa de um SKU"],
  [/^is empty: each variant needs a price$/, "está vazio: cada variante precisa de um preço"],
  [/^is filled although an option before it is empty$/, "está preenchido embora uma opção anterior esteja vazia"],
  [/^holds a tab or a line break$/, "contém uma tabulação ou quebra de linha"],
  [/^holds control characters$/, "contém caracteres de controlo"],
  [/^is not UTF-8: save the file as UTF-8$/, "não é UTF-8: guarde o ficheiro como UTF-8"],
  [
    /^(".*") stands on line (\d+) already: a product's rows .*$/,
    "$1 já está na linha $2: as linhas de um produto ficam juntas",
  ],
  [/^(".*") stands on line (\d+) already: a SKU .*$/, "$1 já está na linha $2: um SKU é único na loja"],
  [/^the options (".*") are taken by another variant .*$/, "as opções $1 já são de outra variante deste produto"],
  [/^is variant (\d+) of its product, and at most (\d+) fit$/, "é a variante $1 do produto, e cabem no máximo $2"],
  [/^is a picture too many: at most (\d+) fit$/, "é uma imagem a mais: cabem no máximo $1"],
  [/^(".*") names two options$/, "$1 dá nome a duas opções"],
  [
    /^(".*") belongs to no option: fill (Option\d+ Name) .*$/,
    "$1 não é de nenhuma opção: preencha $2 na primeira linha",
  ],
  [/^(".*") is no handle: .* at most (\d+) characters$/, "$1 não é um endereço: a-z, 0-9 e hífenes, no máximo $2"],
  [/^(".*") is no SKU: .*$/, "$1 não é um SKU: 1 a 64 letras, algarismos, pontos, hífenes e traços baixos"],
  [/^(".*") is negative$/, "$1 é negativo"],
  [/^(".*") is no amount: .*$/, "$1 não é um valor: escreva-o como 12.50"],
  [/^(".*") has more than the (\d+) decimals of (\w+)$/, "$1 tem mais do que as $2 casas decimais de $3"],
  [/^(".*") is over (.*)$/, "$1 passa de $2"],
  [/^Published is (".*"), and must be true or false$/, "Published é $1, e tem de ser true ou false"],
  [/^(".*") is no status: .*$/, "$1 não é um estado: active, draft ou archived"],
  [/^(".*") is no currency: .*$/, "$1 não é uma moeda: três maiúsculas, como EUR"],
  [/^(".*") has more than (\d+) levels$/, "$1 tem mais de $2 níveis"],
  [/^(".*") has more than (\d+) characters$/, "$1 tem mais de $2 caracteres"],
  [/^(".*") is no category: .*$/, "$1 não é uma categoria: precisa de uma letra ou algarismo"],
  [/^(".*") is a category within itself$/, "$1 é uma categoria dentro de si mesma"],
  [
    /^the tag (".*") is no line of at most (\d+) characters$/,
    "a etiqueta $1 não é uma linha de $2 caracteres no máximo",
  ],
  [/^has (\d+) tags, and at most (\d+) fit$/, "tem $1 etiquetas, e cabem no máximo $2"],
  [/^(".*") is no picture's address: .*$/, "$1 não é o endereço de uma imagem: começa por https:// ou /"],
  [/^(".*") is no whole number$/, "$1 não é um número inteiro"],
  [/^a product has at most (\d+) options$/, "um produto tem no máximo $1 opções"],
  [/^has (\d+) characters, and at most (\d+) fit$/, "tem $1 caracteres, e cabem no máximo $2"],
  [
    /^has (\d+) fields where the header has (\d+): .*$/,
    "tem $1 campos onde o cabeçalho tem $2: falta ou sobra uma aspa ou vírgula",
  ],
  [/^(".*") belongs to the product (".*") already$/, "$1 já é do produto $2"],
  [/^column (".*") is not known and was ignored$/, "a coluna $1 não é conhecida e foi ignorada"],
];

/** A row's reason in the language of the page; one that is new here as the catalogue says it. */
export function rowReason(reason: string): string {
  if (currentLocale() !== "pt") return reason;
  const [pattern, words] = portuguese.find(([one]) => one.test(reason)) ?? [];
  return pattern && words ? reason.replace(pattern, words) : reason;
}
