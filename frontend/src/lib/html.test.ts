import { expect, test } from "vitest";
import { textBlocks } from "./html";

test("a description becomes paragraphs and list items", () => {
  expect(textBlocks("<p>One <b>bold</b> word.</p><ul><li>First</li><li>Second</li></ul>loose<br>ends")).toEqual([
    { kind: "text", text: "One bold word." },
    { kind: "item", text: "First" },
    { kind: "item", text: "Second" },
    { kind: "text", text: "loose" },
    { kind: "text", text: "ends" },
  ]);
});

test("what a description would run or load is not even text", () => {
  const html = `<p>Safe<script>alert(1)</script></p><style>p{}</style><img src=x onerror="alert(1)"><iframe src="//x">y</iframe>`;
  expect(textBlocks(html)).toEqual([{ kind: "text", text: "Safe" }]);
});
