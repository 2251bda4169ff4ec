import type { Words } from "../../words";
import type en from "../en/shop";

const pt: Words<typeof en> = {
  common: {
    close: "Fechar",
    loading: "A carregar",
    tryAgain: "Tentar de novo",
    reload: "Recarregar a página",
    home: "Voltar ao mercado",
    optional: "(opcional)",
    save: "Guardar",
    saved: "Guardado",
    cancel: "Cancelar",
    remove: "Retirar",
    edit: "Editar",
    more: "Mostrar mais",
    yes: "Sim",
    no: "Não",
  },
  layout: {
    skip: "Saltar para o conteúdo",
    menu: "Menu",
    mainNav: "Bancas",
    stalls: "Todas as bancas",
    cart_one: "Cesto, {{count}} peça",
    cart_other: "Cesto, {{count}} peças",
    cartEmpty: "Cesto, vazio",
    account: "A sua conta",
    signIn: "Entrar",
    staff: "Administração",
    language: "Idioma",
    theme: "Luz",
    themes: { system: "Como o dispositivo", light: "Claro", dark: "Escuro" },
    help: "Bom saber",
    about: "Sobre esta loja",
    orders: "As suas encomendas",
    tagline: "Um mercado de bancas pequenas e independentes. O que compra vai diretamente para quem o fez.",
    demo: "Isto é uma demonstração. Nada é enviado e nenhum cartão é cobrado.",
    offline: "Está sem ligação. O que vê pode não ser o mais recente; continua assim que voltar.",
  },
  errors: {
    title: "Algo falhou do nosso lado",
    text: "O seu cesto e as suas encomendas estão seguros. Recarregar a página costuma ajudar.",
    notFoundTitle: "Não há nenhuma banca aqui",
    notFoundText: "O endereço pode ter mudado. Tudo o resto está onde estava.",
    offline: "Não foi possível contactar a loja. Verifique a ligação e tente de novo.",
    again: "Não funcionou. Tente de novo daqui a pouco.",
    tooMany: "Foi um pouco depressa de mais. Tente de novo dentro de {{seconds}} segundos.",
    loadFailed: "Não foi possível carregar.",
  },
};

export default pt;
