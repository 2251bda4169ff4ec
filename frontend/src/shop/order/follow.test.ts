import { expect, test } from "vitest";
import { events } from "./follow";

test("events arrive whole, however the network cuts them", async () => {
  const text =
    'retry: 1000\n\nid: 1\nevent: status\ndata: {"status":"placed"}\n\n: still here\n\nid: 2\nevent: status\ndata: {"status":"confirmed"}\n\n';
  const bytes = new TextEncoder().encode(text);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7));
      controller.close();
    },
  });
  const seen: string[] = [];
  for await (const event of events(stream)) seen.push(`${event.id} ${event.type} ${event.data}`);
  expect(seen).toEqual(['1 status {"status":"placed"}', '2 status {"status":"confirmed"}']);
});
