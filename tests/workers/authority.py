"""A time-stamping authority of the test's own, made with the openssl command, answering over real HTTP."""

import shutil
import subprocess
from pathlib import Path

OPENSSL = shutil.which("openssl")
_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = tsa_here
[tsa_here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class LocalAuthority:
    """Root and stamping certificate in a folder; ``root`` is the PEM file to trust."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.root = folder, folder / "root.pem"
        self.config("root")
        (folder / "serial").write_text("01\n")
        self.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem",
                 "-days", "30", "-config", "root.cnf", "-extensions", "root")  # fmt: skip
        self.config("tsa")
        self.run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-config", "tsa.cnf")
        self.run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                 "-out", "tsa.pem", "-days", "30", "-extfile", "tsa.cnf", "-extensions", "stamping")  # fmt: skip

    def config(self, name: str) -> None:
        (self.folder / f"{name}.cnf").write_text(_CONFIG.format(name=name, folder=self.folder))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        assert OPENSSL is not None
        done = subprocess.run([OPENSSL, *arguments], cwd=self.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done

    def answer(self, query: bytes) -> bytes:
        """The TimeStampResp of ``openssl ts`` to a request."""
        (self.folder / "query.tsq").write_bytes(query)
        self.run("ts", "-reply", "-queryfile", "query.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key",
                 "-config", "tsa.cnf", "-out", "answer.tsr")  # fmt: skip
        return (self.folder / "answer.tsr").read_bytes()

    def verified_by_openssl(self, answer: bytes, text: bytes) -> bool:
        """What somebody else's tool says of a stamp."""
        (self.folder / "kept.tsr").write_bytes(answer)
        (self.folder / "text").write_bytes(text)
        done = self.run("ts", "-verify", "-in", "kept.tsr", "-data", "text", "-CAfile", "root.pem",
                        "-untrusted", "tsa.pem")  # fmt: skip
        return b"OK" in done.stdout + done.stderr
