"""What code that took over a decoder or a printer would try, each as it would: by raw system calls.

Run inside the child processes by `exploited_decoder` and `exploited_printer`.
"""

import ctypes
import errno
import fcntl
import json
import os
import platform
import resource
import signal
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from hub.documents import landlock, system_calls

_library = ctypes.CDLL(None, use_errno=True)
_COLUMN: Final = 0 if platform.machine() == "x86_64" else 1
_NUMBERS: Final = {
    "clone": (56, 220), "add_key": (248, 217), "bpf": (321, 280), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "clone3": (435, 435), "execveat": (322, 281), "openat2": (437, 437),
    "pidfd_getfd": (438, 438), "name_to_handle_at": (303, 264), "fsopen": (430, 430), "kcmp": (312, 272),
    "rt_sigqueueinfo": (129, 138), "perf_event_open": (298, 241), "memfd_create": (319, 279), "syslog": (103, 116),
}  # fmt: skip
# What a wall says; anything else is an answer of the kernel's to a call that reached it.
_WALLS: Final = frozenset({errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EMFILE, errno.EXDEV, errno.EFBIG})
_empty: Final = ctypes.create_string_buffer(1)
_TIOCSTI, _F_SETOWN = 0x5412, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is aimed at: another process with a secret at an address, a folder that anybody may change, a TCP port."""

    process: int
    address: int
    place: str
    port: int

    def order(self, deed: str) -> bytes:
        """The deed and its target, as the content of a file."""
        return json.dumps({"deed": deed, **asdict(self)}).encode()

    @classmethod
    def ordered(cls, order: bytes) -> tuple[str, Self]:
        """What `order` made."""
        given = json.loads(order)
        return given.pop("deed"), cls(**given)


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def _call(name: str, *arguments: object) -> int:
    answer: int = getattr(_library, name)(*arguments)
    if answer == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return answer


def _by_number(name: str, *arguments: int | None) -> int:
    return _call("syscall", *(ctypes.c_ulong(each or 0) for each in (_NUMBERS[name][_COLUMN], *arguments)))


def _process(made: int) -> None:
    if made == 0:
        os._exit(0)
    os.waitpid(made, 0)


def _process_by_clone3(at: Target) -> None:
    arguments = ctypes.create_string_buffer(struct.pack("@11Q", 0, 0, 0, 0, signal.SIGCHLD, *[0] * 6))
    _process(_by_number("clone3", ctypes.addressof(arguments), 88))


def _move_memory(name: str, at: Target) -> None:
    mine = ctypes.create_string_buffer(b"changed", 8)
    here, there = _Vector(ctypes.addressof(mine), 8), _Vector(at.address, 8)
    _call(name, at.process, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)


def _connect(at: Target) -> None:
    with socket.socket() as line:
        line.connect(("127.0.0.1", at.port))


def _listen(at: Target) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))


def _descriptor_of(at: Target) -> None:
    taken = os.pidfd_open(at.process)
    try:
        _by_number("pidfd_getfd", taken, 1, 0)
    finally:
        os.close(taken)


def _send_descriptors(at: Target) -> None:
    # To whoever reads the answer: each socket that is open is tried, and none is a wall too.
    for descriptor in range(3, 64):
        try:
            sender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=os.dup(descriptor))
            socket.send_fds(sender, [b"{}"], [descriptor])
        except OSError as error:
            if error.errno in _WALLS:
                raise


def _open(flags: int) -> Callable[[Target], object]:
    return lambda at: os.open(at.place + "/kept", flags)


def _new(at: Target, name: str = "/new") -> None:
    os.close(os.open(at.place + name, os.O_WRONLY | os.O_CREAT, 0o666))


FILES: Final[Mapping[str, Callable[[Target], object]]] = {
    "read a file": _open(os.O_RDONLY),
    "change a file": _open(os.O_RDWR),
    "empty a file": _open(os.O_RDONLY | os.O_TRUNC),
    "make a file": _new,
    "read a file by another call": lambda at: _by_number(
        "openat2", -100, ctypes.addressof(_name := ctypes.create_string_buffer(b"/etc/hostname")),
        ctypes.addressof(_how := ctypes.create_string_buffer(24)), 24,
    ),
    "read the hub's memory as a file": lambda at: os.open(f"/proc/{at.process}/mem", os.O_RDONLY),
    "read the hub's environment": lambda at: os.open(f"/proc/{at.process}/environ", os.O_RDONLY),
    "delete": lambda at: Path(at.place, "kept").unlink(),
    "rename": lambda at: Path(at.place, "kept").rename(at.place + "/other"),
    "shorten": lambda at: os.truncate(at.place + "/kept", 0),
    "make a folder": lambda at: Path(at.place, "folder").mkdir(),
    "remove a folder": lambda at: Path(at.place, "empty").rmdir(),
    "link": lambda at: os.link(at.place + "/kept", at.place + "/linked"),
    "link by name": lambda at: Path(at.place, "linked").symlink_to("/etc"),
    "make a pipe with a name": lambda at: os.mkfifo(at.place + "/pipe"),
    "connect": _connect,
    "listen": _listen,
    "end the hub": lambda at: os.kill(at.process, signal.SIGTERM),
    "stop the hub": lambda at: os.kill(at.process, signal.SIGSTOP),
    "take the hub over": lambda at: _call("ptrace", 16, at.process, None, None),
    "read the hub's memory": lambda at: _move_memory("process_vm_readv", at),
    "write the hub's memory": lambda at: _move_memory("process_vm_writev", at),
    "take a descriptor of the hub": _descriptor_of,
    "compare descriptors with the hub": lambda at: _by_number("kcmp", os.getpid(), at.process, 0, 0, 0),
    "become a program": lambda at: os.execv("/bin/true", ["true"]),
}  # fmt: skip
"""What Landlock alone refuses as well."""

REACHING: Final[Mapping[str, Callable[[Target], object]]] = {
    **FILES,
    "change who may": lambda at: Path(at.place, "kept").chmod(0o777),
    "change whose": lambda at: os.chown(at.place + "/kept", os.getuid(), os.getgid()),
    "change when": lambda at: os.utime(at.place + "/kept"),
    "name a file by its handle": lambda at: _by_number("name_to_handle_at", -100, None, None, None, 0),
    "find a signal": lambda at: _call("tgkill", at.process, at.process, 0),
    "queue a signal": lambda at: _by_number("rt_sigqueueinfo", at.process, 0, None),
    "have a signal sent": lambda at: fcntl.fcntl(0, _F_SETOWN, at.process),
    "hold the hub up": lambda at: os.sched_setaffinity(at.process, {0}),
    "make the hub wait": lambda at: os.setpriority(os.PRIO_PROCESS, at.process, 6),
    "limit the hub": lambda at: resource.prlimit(at.process, resource.RLIMIT_CORE, (0, 0)),
    "raise a limit": lambda at: resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99)),
    "start a process": lambda at: _process(os.fork()),
    "start a process by vfork": lambda at: os.posix_spawn("/bin/true", ["true"], {}),
    "start a process by clone": lambda at: _process(_by_number("clone", signal.SIGCHLD, 0, 0, 0, 0)),
    "start a process by clone3": _process_by_clone3,
    "become a program by descriptor": lambda at: _by_number("execveat", -1, None, None, None, 0x1000),
    "open a socket of this machine": lambda at: socket.socket(socket.AF_UNIX).close(),
    "ask the kernel for routes": lambda at: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close(),
    "make a pair": lambda at: socket.socketpair(),
    "hand descriptors on": _send_descriptors,
    "make a file in memory": lambda at: os.close(_by_number("memfd_create", ctypes.addressof(_empty), 0)),
    "make a ring": lambda at: _by_number("io_uring_setup", 1, None),
    "load a program into the kernel": lambda at: _by_number("bpf", 0, None, 0),
    "take page faults": lambda at: _by_number("userfaultfd", 1),
    "measure the kernel": lambda at: _by_number("perf_event_open", None, 0, -1, -1, 0),
    "leave the namespaces": lambda at: _call("unshare", 0x40000000),
    "enter a namespace": lambda at: _call("setns", -1, 0),
    "mount": lambda at: _call("mount", None, b"/nowhere", b"tmpfs", 0, None),
    "open a file system": lambda at: _by_number("fsopen", None, 0),
    "change the root": lambda at: os.chroot("/nowhere"),
    "share memory": lambda at: _call("shmget", 0, 4096, 0o1600),
    "have semaphores": lambda at: _call("semget", 0, 1, 0o1600),
    "queue messages": lambda at: _call("msgget", 0, 0o1600),
    "queue messages by name": lambda at: _call("mq_open", b"/nowhere", 0),
    "watch files": lambda at: os.close(_call("inotify_init1", 0)),
    "keep a key": lambda at: _by_number("add_key", None, None, None, 0, 0),
    "change what it is run as": lambda at: _call("personality", 0x0040000),
    "be another user": lambda at: os.setresuid(os.getuid(), os.getuid(), os.getuid()),
    "type into a terminal": lambda at: fcntl.ioctl(0, _TIOCSTI, b"x"),
    "read the kernel's log": lambda at: _by_number("syslog", 10, None, 0),
    "set the clock": lambda at: _call("clock_settime", 99, ctypes.byref(_Vector(0, 0))),
    "take much memory": lambda at: bytearray(2500 << 20),
}


def attempt(deed: str, at: Target) -> bool:
    """Whether the deed came as far as the kernel's own answer; False where a wall stopped it."""
    try:
        REACHING[deed](at)
    except (MemoryError, ValueError):
        # The second is Python's word for a limit that the kernel does not let it raise.
        return False
    except OSError as error:
        return error.errno not in _WALLS
    return True


def become(user: int) -> None:
    """This process is that user's, and may be looked at as any other of that user's processes."""
    if user != os.getuid():
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def leave_standing(walls: str) -> None:
    """Of the walls that this process would have only the named stand: `both`, `calls`, `landlock`, or `none`."""
    if walls != "both":
        # A process that can open nothing would hide what the walls do.
        set_limit = resource.setrlimit
        resource.setrlimit = lambda what, most: None if what == resource.RLIMIT_NOFILE else set_limit(what, most)
    if walls in {"landlock", "none"}:
        system_calls.can_filter = lambda: False
    if walls in {"calls", "none"}:
        landlock.version = lambda: 0
