"""A hub on this machine that serves one checkpoint, in the way of huggingface.co as far as a download needs it."""
import contextlib
import http.server
import json
import threading

MODEL, GATED, COMMIT = "tests/demo", "tests/gated", "0123456789abcdef0123456789abcdef01234567"
REVISIONS = ("main", "v1", COMMIT)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        if content := self.answer():
            self.wfile.write(content)
            self.server.served.append(self.path.rpartition("/")[2])

    def answer(self):
        """Writes the head, and gives what follows it."""
        path = self.path.removeprefix("/api/models")
        if path.startswith(f"/{GATED}"):
            return self.refuse(403, "GatedRepo")
        if not path.startswith(f"/{MODEL}/"):
            return self.refuse(401, "RepoNotFound")
        kind, revision, *name = path.removeprefix(f"/{MODEL}/").split("/", 2)
        if revision not in REVISIONS:
            return self.refuse(404, "RevisionNotFound")
        if kind == "revision":
            files = [{"rfilename": file} for file in self.server.files]
            return self.send(json.dumps({"id": MODEL, "sha": COMMIT, "siblings": files}).encode())
        return self.send(self.server.files[name[0]], ETag=f'"{name[0]}"', **{"X-Repo-Commit": COMMIT})

    def send(self, content, **headers):
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        return content

    def refuse(self, status, code):
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serving(checkpoint):
    """Its address, and the names of the files that it served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Those that no export needs come with many checkpoints.
    server.files = {file.name: file.read_bytes() for file in checkpoint.iterdir()}
    server.files |= {"README.md": b"# Demo", "pytorch_model.bin": b"pickle", "original/consolidated.safetensors": b"twice"}
    server.served = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.served
    finally:
        server.shutdown()
        server.server_close()
