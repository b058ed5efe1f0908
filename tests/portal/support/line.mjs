// A line between the browser and the portal that holds an upload in its middle and then breaks: a
// forward proxy of the test's own.
import { createServer, request } from "node:http";
import { connect } from "node:net";

/** `held` resolves when so many bytes of the first upload have passed. `cut` breaks the line, and no
 * upload passes until `mend`: the browser itself sends once more what a kept connection lost. */
export async function breakableLine(holdAfterBytes) {
  let passed = 0;
  let upload = null;
  let broken = false;
  let reached;
  const held = new Promise((resolve) => {
    reached = resolve;
  });
  const proxy = createServer((asked, answer) => {
    const { method, headers, url } = asked;
    const isUpload = method === "POST" && url.endsWith("/api/v1/submissions");
    if (isUpload && broken) return asked.socket.destroy();
    const onward = request(url, { method, headers }, (found) => {
      answer.writeHead(found.statusCode, found.rawHeaders);
      found.pipe(answer);
    });
    onward.on("error", () => asked.socket.destroy());
    answer.on("close", () => onward.destroy());
    if (!isUpload || upload) return asked.pipe(onward);
    upload = { asked, onward };
    asked.on("data", (bytes) => {
      passed += bytes.length;
      onward.write(bytes);
      if (passed < holdAfterBytes) return;
      asked.pause();
      reached();
    });
  });
  proxy.on("connect", ({ url }, socket) => {
    const { hostname, port } = new URL(`http://${url}`);
    const tunnel = connect(port, hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      tunnel.pipe(socket);
      socket.pipe(tunnel);
    });
    tunnel.on("error", () => socket.destroy());
    socket.on("error", () => tunnel.destroy());
  });
  await new Promise((done) => proxy.listen(0, "127.0.0.1", done));
  return {
    proxy: { server: `http://127.0.0.1:${proxy.address().port}`, bypass: "<-loopback>" },
    held,
    cut() {
      broken = true;
      upload.onward.destroy();
      upload.asked.socket.destroy();
    },
    mend() {
      broken = false;
    },
    close: () => proxy.closeAllConnections() ?? proxy.close(),
  };
}
