import { decodePreview, type Preview, type ServerMessage } from "@patchbay/protocol";

export interface SocketListener {
  readonly message: (message: ServerMessage) => void;
  readonly preview: (preview: Preview) => void;
  /** Whether the server can be heard. */
  readonly connected: (connected: boolean) => void;
}

export interface StudioSocket {
  /** Asks for a job's events after number `after`; does nothing while the server can't be heard. */
  resume(job: string, after: number): void;
  close(): void;
}

const firstWait = 250;
const longestWait = 4000;

/** Listens to the server (packages/protocol/src/socket.ts), and comes back by itself when the connection breaks. */
export function openSocket(listener: SocketListener): StudioSocket {
  let socket: WebSocket | undefined;
  let wait = firstWait;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const connect = (): void => {
    const url = new URL("/studio/socket", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      wait = firstWait;
      listener.connected(true);
    });
    socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") {
        listener.message(JSON.parse(data) as ServerMessage);
        return;
      }
      const preview = decodePreview(new Uint8Array(data));
      if (preview) listener.preview(preview);
    });
    socket.addEventListener("close", () => {
      if (closed) return;
      listener.connected(false);
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, longestWait);
    });
  };
  connect();
  return {
    resume: (job, after) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "resume", job, after }));
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
