"""Walls around the child processes that read what nobody trusts, and around the memory that they must not read.

Limits hold on every kernel. The system-call filter is the kernel's own (seccomp_filter), in the form of
classic BPF programs; the numbers of the calls are those of the kernel's tables for the two processors named here.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
from collections.abc import Callable, Iterable
from typing import Final

MEMORY_LIMIT: Final = 1536 * 1024 * 1024

_SET_DUMPABLE, _SET_SECCOMP, _SET_NO_NEW_PRIVS, _FILTER = 4, 22, 38, 2
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
# The C library then makes a thread in the way whose flags can be looked at.
_UNKNOWN: Final = 0x00050000 | errno.ENOSYS
_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Where struct seccomp_data has the number, the processor, and the lower half of an argument.
_NUMBER, _PROCESSOR, _ARGUMENTS = 0, 4, 16
_X32: Final = 0x40000000
_CLONE_THREAD: Final = 0x00010000
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# What the kernel calls the processor, and which column of the tables below is its.
_PROCESSORS: Final = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
# All that a process does that computes with what it holds: memory, threads, time, chance, and descriptors it has.
# Where it stands, Pillow asks before it writes a picture.
_COMPUTING: Final = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "nanosleep": (35, 101), "getpid": (39, 172), "getcwd": (79, 17), "exit": (60, 93),
    "gettimeofday": (96, 169), "sigaltstack": (131, 132), "gettid": (186, 178), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "clock_gettime": (228, 113), "clock_nanosleep": (230, 115),
    "exit_group": (231, 94), "set_robust_list": (273, 99), "getrandom": (318, 278), "rseq": (334, 293),
}  # fmt: skip
# What nobody needs who reads files and writes to the descriptors it has: -1 where a processor has no such call.
_CHANGING: Final = {
    "socket": (41, 198), "connect": (42, 203), "socketpair": (53, 199), "execve": (59, 221), "kill": (62, 129),
    "truncate": (76, 45), "rename": (82, -1), "mkdir": (83, -1), "rmdir": (84, -1), "creat": (85, -1),
    "link": (86, -1), "unlink": (87, -1), "symlink": (88, -1), "chmod": (90, -1), "fchmod": (91, 52),
    "chown": (92, -1), "fchown": (93, 55), "lchown": (94, -1), "ptrace": (101, 117), "mknod": (133, -1),
    "mount": (165, 40), "umount2": (166, 39), "setxattr": (188, 5), "tkill": (200, 130), "tgkill": (234, 131),
    "mkdirat": (258, 34), "mknodat": (259, 33), "fchownat": (260, 54), "unlinkat": (263, 35), "renameat": (264, 38),
    "linkat": (265, 37), "symlinkat": (266, 36), "fchmodat": (268, 53), "unshare": (272, 97),
    "utimensat": (280, 88), "perf_event_open": (298, 241), "setns": (308, 268), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "renameat2": (316, 276), "bpf": (321, 280), "execveat": (322, 281),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "pidfd_open": (434, 434), "openat2": (437, 437),
    "pidfd_getfd": (438, 438), "fchmodat2": (452, 452), "fork": (57, -1), "vfork": (58, -1),
}  # fmt: skip
_CLONE, _CLONE3, _OPEN, _OPENAT = (56, 220), (435, 435), (2, -1), (257, 56)

Step = tuple[int, int, int, int]


def hide_memory() -> None:
    """No other process of this user can read or stop this one (prctl(2), PR_SET_DUMPABLE); it leaves no core."""
    _prctl(_SET_DUMPABLE, 0)


def confine(cpu_s: int, *, most_written: int = 0) -> None:
    """This process can compute, and read and write what it has open; it has little memory and time, and no way out.

    No file that it holds grows over `most_written` bytes. It opens nothing, makes no process and reaches none, where
    the kernel has filters; without them it opens nothing.
    """
    _set_limits(most_written)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    # The soft limit sends SIGXCPU, which tells this end from others; the hard one kills.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    _filter(_computing_alone)


def let_read(memory: int) -> None:
    """This process can open files for reading, and no more: it changes none, has no network and makes no process.

    `memory` in bytes. Without filters in the kernel only that limit holds.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _filter(_reading_alone)


def has_filter() -> bool:
    """Whether this kernel filters system calls and the processor is one whose calls are known here."""
    if platform.machine() not in _PROCESSORS:
        return False
    # Without a program to load: a kernel that has filters minds the address, another one the request.
    return _prctl(_SET_SECCOMP, _FILTER, 0) == errno.EFAULT


def _set_limits(most_written: int) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_FSIZE, most_written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _filter(program: Callable[[int], list[Step]]) -> None:
    if not has_filter():
        return
    processor, column = _PROCESSORS[platform.machine()]
    steps = [*_only_on(processor), *program(column)]
    packed = b"".join(struct.pack("=HBBI", *step) for step in steps)
    code = ctypes.create_string_buffer(packed, len(packed))
    described = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    for failed in (
        _prctl(_SET_NO_NEW_PRIVS, 1),
        _prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(described)),
    ):
        if failed:
            raise OSError(failed, "the system-call filter was refused")


def _prctl(what: int, *arguments: int) -> int:
    """0, or the number of the error."""
    library = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(each) for each in (*arguments, 0, 0, 0)[:4]]
    return 0 if library.prctl(what, *padded) == 0 else ctypes.get_errno()


def _only_on(processor: int) -> list[Step]:
    """Calls by the numbers of another processor, or of the narrow ones on this, come to nothing."""
    return [
        (_LOAD, 0, 0, _PROCESSOR),
        (_EQUAL, 1, 0, processor),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_ABOVE, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE),
    ]


def _computing_alone(column: int) -> list[Step]:
    steps = _answers((numbers[column] for numbers in _COMPUTING.values()), _ALLOW)
    return [*steps, *_threads_alone(column), (_RETURN, 0, 0, _REFUSE)]


def _reading_alone(column: int) -> list[Step]:
    steps = _answers((numbers[column] for numbers in _CHANGING.values() if numbers[column] >= 0), _REFUSE)
    steps += _when_bits(_OPENAT[column], argument=2, bits=_WRITING, then=_REFUSE, otherwise=_ALLOW)
    if _OPEN[column] >= 0:
        steps += _when_bits(_OPEN[column], argument=1, bits=_WRITING, then=_REFUSE, otherwise=_ALLOW)
    return [*steps, *_threads_alone(column), (_RETURN, 0, 0, _ALLOW)]


def _threads_alone(column: int) -> list[Step]:
    return [
        *_answers([_CLONE3[column]], _UNKNOWN),
        *_when_bits(_CLONE[column], argument=0, bits=_CLONE_THREAD, then=_ALLOW, otherwise=_REFUSE),
    ]


def _answers(numbers: Iterable[int], answer: int) -> list[Step]:
    return [step for number in numbers for step in ((_EQUAL, 0, 1, number), (_RETURN, 0, 0, answer))]


def _when_bits(number: int, *, argument: int, bits: int, then: int, otherwise: int) -> list[Step]:
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * argument),
        (_ANY_BIT, 0, 1, bits),
        (_RETURN, 0, 0, then),
        (_RETURN, 0, 0, otherwise),
    ]
