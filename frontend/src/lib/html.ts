// Descriptions arrive as HTML that merchants wrote. They are shown as text: paragraphs and list items, nothing else.

export interface Block {
  kind: "text" | "item";
  text: string;
}

/** The texts of an HTML fragment, in order. Parsing it runs nothing and loads nothing. */
export function textBlocks(html: string): Block[] {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const unwanted of body.querySelectorAll("script, style, template, noscript, iframe, object")) unwanted.remove();
  const blocks: Block[] = [];
  collect(body, blocks);
  return blocks;
}

const CONTAINERS = new Set(["BODY", "DIV", "SECTION", "ARTICLE", "UL", "OL", "BLOCKQUOTE", "MAIN", "HEADER", "FOOTER"]);

function collect(element: Element, blocks: Block[]): void {
  let loose = "";
  const flush = () => {
    push(blocks, "text", loose);
    loose = "";
  };
  for (const node of element.childNodes) {
    if (node instanceof Element && CONTAINERS.has(node.tagName)) {
      flush();
      collect(node, blocks);
    } else if (node instanceof Element && /^(P|LI|H[1-6]|DT|DD|PRE|TR)$/.test(node.tagName)) {
      flush();
      push(blocks, node.tagName === "LI" ? "item" : "text", node.textContent ?? "");
    } else if (node instanceof Element && node.tagName === "BR") {
      flush();
    } else {
      loose += node.textContent ?? "";
    }
  }
  flush();
}

function push(blocks: Block[], kind: Block["kind"], raw: string): void {
  const text = raw.replaceAll(/\s+/g, " ").trim();
  if (text) blocks.push({ kind, text });
}
