// An order's history as it happens. `EventSource` cannot send the access token, so the stream is read with fetch; it ends by
// itself within a minute and is taken up again where it stopped.
import { accessToken } from "@/auth/session";

/** Calls `onEvent` for every entry of the order's timeline, until `signal` says stop. */
export async function followOrder(id: string, onEvent: (status: string) => void, signal: AbortSignal): Promise<void> {
  let seen = "";
  let failures = 0;
  while (!signal.aborted) {
    try {
      const token = await accessToken();
      const headers: Record<string, string> = { accept: "text/event-stream" };
      if (token) headers.authorization = `Bearer ${token}`;
      if (seen) headers["last-event-id"] = seen;
      const response = await fetch(`/api/orders/${id}/events`, { headers, signal });
      if (response.status === 404) return;
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      failures = 0;
      for await (const event of events(response.body)) {
        if (event.id) seen = event.id;
        if (event.type === "status") onEvent(event.data);
      }
    } catch {
      failures += 1;
    }
    if (!signal.aborted) await pause(Math.min(1000 * 2 ** failures, 15_000), signal);
  }
}

interface StreamEvent {
  id: string;
  type: string;
  data: string;
}

/** The events of a stream in the format of server-sent events. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = { id: "", type: "message", data: "" };
        for (const line of block.split("\n")) {
          if (line.startsWith("id: ")) event.id = line.slice(4);
          if (line.startsWith("event: ")) event.type = line.slice(7);
          if (line.startsWith("data: ")) event.data += line.slice(6);
        }
        if (event.data) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
