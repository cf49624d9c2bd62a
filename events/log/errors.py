"""Every way a log, a proof or a key can be refused: one tree of names, a sentence in two languages each.

Readers of outside data promise that nothing but a LogError leaves them. `detail` names the place.
"""

from typing import ClassVar


class LogError(Exception):
    """Something of the log was refused."""

    zh: ClassVar[str] = "日志被拒绝"
    en: ClassVar[str] = "the log was refused"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}" + (f": {self.detail}" if self.detail else "")


class MalformedError(LogError):
    """The bytes do not follow their format, so nothing in them was believed."""

    zh, en = "格式不合规范", "malformed data"


class MalformedTreeError(MalformedError):
    """A size, hash or right edge that no tree can have."""

    zh, en = "树的大小或哈希不成立", "no tree has this size or hash"


class MalformedKeyError(MalformedError):
    """A key name or key text that breaks C2SP signed-note."""

    zh, en = "密钥格式不合规范", "malformed key"


class UnsupportedKeyTypeError(MalformedKeyError):
    """A well-formed key of a signature type this log neither makes nor checks."""

    zh, en = "不支持的密钥类型", "unsupported key type"


class MalformedNoteError(MalformedError):
    """Not a C2SP signed note."""

    zh, en = "签名文书格式不合规范", "malformed signed note"


class MalformedCheckpointError(MalformedError):
    """Not a C2SP tlog-checkpoint."""

    zh, en = "检查点格式不合规范", "malformed checkpoint"


class MalformedTileError(MalformedError):
    """Not the path or the content of a C2SP tile or entry bundle."""

    zh, en = "瓦片格式不合规范", "malformed tile"


class MalformedProofError(MalformedError):
    """Not a list of hashes, or not a C2SP tlog-proof."""

    zh, en = "证明格式不合规范", "malformed proof"


class MalformedPolicyError(MalformedError):
    """Not a C2SP tlog-policy."""

    zh, en = "见证策略格式不合规范", "malformed policy"


class MalformedRequestError(MalformedError):
    """Not a body of the C2SP tlog-witness protocol."""

    zh, en = "见证请求或应答格式不合规范", "malformed witness message"


class MalformedReceiptError(MalformedError):
    """Not a receipt."""

    zh, en = "回执格式不合规范", "malformed receipt"


class NotProvedError(LogError):
    """Well-formed, but it does not prove what it claims."""

    zh, en = "证明不成立", "not proved"


class OutOfTreeError(NotProvedError):
    """A leaf or size beyond the tree was asked for."""

    zh, en = "超出树的范围", "outside the tree"


class InclusionNotProvedError(NotProvedError):
    """The entry is not shown to be in the tree."""

    zh, en = "未能证明该条目在日志中", "the entry is not proved to be in the log"


class ConsistencyNotProvedError(NotProvedError):
    """The old tree is not shown to be the beginning of the new one."""

    zh, en = "未能证明日志只增不改", "the log is not proved to have only grown"


class TileMissingError(NotProvedError):
    """A tile the tree must have cannot be had."""

    zh, en = "缺少瓦片", "a tile is missing"


class TileNotAuthenticError(NotProvedError):
    """A tile or an entry does not hash to the signed root."""

    zh, en = "瓦片或条目与签名的树根不符", "a tile or entry does not hash to the signed root"


class NotSignedError(LogError):
    """The signatures do not say what is asked of them."""

    zh, en = "签名不成立", "not signed as required"


class SignatureInvalidError(NotSignedError):
    """A line of a known key does not verify, so the whole note is refused."""

    zh, en = "已知密钥的签名验证失败", "a signature of a known key does not verify"


class NoKnownSignatureError(NotSignedError):
    """No known key has signed."""

    zh, en = "没有已知密钥的签名", "no known key has signed"


class OriginMismatchError(NotSignedError):
    """The checkpoint belongs to another log than the key that signed it."""

    zh, en = "检查点属于另一个日志", "the checkpoint belongs to another log"


class QuorumNotMetError(NotSignedError):
    """Fewer witnesses have cosigned than the policy asks for."""

    zh, en = "见证人数未达策略要求", "too few witnesses for the policy"


class StampInvalidError(NotSignedError):
    """Not a time stamp of a trusted authority on this checkpoint."""

    zh, en = "时间戳不成立", "not a valid time stamp"


class WitnessRefusedError(NotSignedError):
    """A witness did not cosign; with 409 or 422 it holds that this log did not only grow."""

    zh, en = "见证人拒绝签名", "a witness refused to cosign"


class WitnessAheadError(NotSignedError):
    """A witness has cosigned a larger tree than this log has: the log was turned back."""

    zh, en = "见证人见过比现在更大的日志", "a witness has seen a larger log than this one is now"


class SigningRefusedError(LogError):
    """The signer will not sign the tree that stands; a named person has to look."""

    zh, en = "拒绝签名", "refused to sign"


class RolledBackError(SigningRefusedError):
    """The tree is smaller than one that was signed: an older backup was restored, or the tail was cut."""

    zh, en = (
        "拒绝签名：日志比已签名的更短，可能恢复了旧备份或截去了末尾",
        "refused to sign: the log is shorter than what was signed; an older backup was restored, or its end was cut",
    )


class ForkedError(SigningRefusedError):
    """The tree is not a continuation of the one that was signed: history was rewritten."""

    zh, en = (
        "拒绝签名：日志不是已签名内容的延续，历史已被改写",
        "refused to sign: the log does not continue what was signed; its history was rewritten",
    )


class MemoryLostError(SigningRefusedError):
    """Checkpoints exist, but the memory of the last one signed is gone."""

    zh, en = (
        "拒绝签名：已有签名的检查点，但签名记忆文件缺失或损坏",
        "refused to sign: there are signed checkpoints, but the memory of what was signed is missing or damaged",
    )
