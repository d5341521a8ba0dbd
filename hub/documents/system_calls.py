"""A process gives up system calls for good: the kernel's own filter (seccomp_filter), as classic BPF programs.

What is not named here is refused. The numbers are those of the kernel's tables for the two processors named; a test
compares them with libseccomp's. Only `hub.documents.confinement` uses this.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

Step = tuple[int, int, int, int]
Numbers = Mapping[str, tuple[int, int]]

_SET_SECCOMP, _FILTER_MODE, _ALL_THREADS = 22, 2, 1
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
# The C library then makes a thread in the way whose flags can be looked at.
_UNKNOWN: Final = 0x00050000 | errno.ENOSYS
_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Where struct seccomp_data has the number, the processor, and the lower half of an argument; the upper is 4 behind it.
_NUMBER, _PROCESSOR, _ARGUMENTS = 0, 4, 16
_X32: Final = 0x40000000
_CLONE_THREAD: Final = 0x00010000
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL and F_DUPFD_CLOEXEC. F_SETOWN and F_SETSIG would send signals.
_DESCRIPTOR_FLAGS: Final = (0, 1, 2, 3, 1030)
# TCGETS, which asks whether it is a terminal, FIONCLEX, FIOCLEX. TIOCSTI would type into a terminal.
_TERMINAL_OR_NOT: Final = (0x5401, 0x5450, 0x5451)

# What the kernel calls the processor, and which column of the tables below is its.
_PROCESSORS: Final = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
# All that a process does that computes with what it holds: memory, threads, time, chance, and descriptors it has.
# Where it stands, Pillow asks before it writes a picture.
COMPUTING: Final[Numbers] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "nanosleep": (35, 101), "getpid": (39, 172), "getcwd": (79, 17), "exit": (60, 93),
    "gettimeofday": (96, 169), "sigaltstack": (131, 132), "gettid": (186, 178), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "clock_gettime": (228, 113), "clock_nanosleep": (230, 115),
    "exit_group": (231, 94), "set_robust_list": (273, 99), "getrandom": (318, 278), "rseq": (334, 293),
}  # fmt: skip
# Looking at files and at itself, and waiting for what it has open: -1 where a processor has no such call.
READING: Final[Numbers] = {
    "stat": (4, -1), "fstat": (5, 80), "lstat": (6, -1), "poll": (7, -1), "readv": (19, 65), "access": (21, -1),
    "select": (23, -1), "msync": (26, 227), "mincore": (27, 232), "dup": (32, 23), "dup2": (33, -1),
    "uname": (63, 160), "getdents": (78, -1), "readlink": (89, -1), "getrlimit": (97, 163), "getrusage": (98, 165),
    "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175),
    "getegid": (108, 177), "getppid": (110, 173), "getpgrp": (111, -1), "statfs": (137, 43), "fstatfs": (138, 44),
    "arch_prctl": (158, -1), "time": (201, -1), "getdents64": (217, 61), "set_tid_address": (218, 96),
    "restart_syscall": (219, 128), "fadvise64": (221, 223), "clock_getres": (229, 114), "newfstatat": (262, 79),
    "readlinkat": (267, 78), "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73),
    "dup3": (292, 24), "pipe2": (293, 59), "preadv": (295, 69), "membarrier": (324, 283), "statx": (332, 291),
    "faccessat2": (439, 439),
}  # fmt: skip
# What depends on its arguments.
LOOKED_INTO: Final[Numbers] = {
    "clone": (56, 220), "clone3": (435, 435), "open": (2, -1), "openat": (257, 56), "fcntl": (72, 25),
    "ioctl": (16, 29), "prlimit64": (302, 261),
}  # fmt: skip
_INSTALL: Final = {"x86_64": 317, "aarch64": 277}


class Calls(Enum):
    """What a process may still ask the kernel for."""

    TO_COMPUTE = "compute"
    """Memory, threads, time and chance; reading and writing what it has open."""
    TO_READ = "read"
    """That, and opening files for reading."""


def can_filter() -> bool:
    """Whether this kernel filters system calls and the processor is one whose calls are known here."""
    if platform.machine() not in _PROCESSORS:
        return False
    # Without a program to load: a kernel that has filters minds the address, another one the request.
    library = ctypes.CDLL(None, use_errno=True)
    failed = library.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER_MODE), ctypes.c_ulong(0)) != 0
    return failed and ctypes.get_errno() == errno.EFAULT


def allow_only(calls: Calls) -> None:
    """Every thread of this process is refused all other calls, for good; it must have no new privileges.

    Raises OSError where the kernel does not take the filter.
    """
    library = ctypes.CDLL(None, use_errno=True)
    packed = b"".join(struct.pack("=HBBI", *step) for step in program_of(calls, platform.machine()))
    code = ctypes.create_string_buffer(packed, len(packed))
    described = ctypes.create_string_buffer(struct.pack("@HP", len(packed) // 8, ctypes.addressof(code)))
    arguments = (_INSTALL[platform.machine()], 1, _ALL_THREADS, ctypes.addressof(described))
    # Above 0 is the thread that cannot be filtered.
    if library.syscall(*map(ctypes.c_ulong, arguments)) != 0:
        raise OSError(ctypes.get_errno() or errno.ESRCH, "the system-call filter was refused")


def program_of(calls: Calls, machine: str) -> list[Step]:
    """The filter for a processor that the kernel calls `machine`: operation, two jumps, operand."""
    processor, column = _PROCESSORS[machine]
    steps = [*_only_on(processor), *_answers(_all(COMPUTING, column), _ALLOW)]
    if calls is Calls.TO_READ:
        steps += [*_answers(_all(READING, column), _ALLOW), *_arguments_of_readers(column)]
    return [*steps, *_threads_alone(column), (_RETURN, 0, 0, _REFUSE)]


def _all(numbers: Numbers, column: int) -> list[int]:
    return [each[column] for each in numbers.values() if each[column] >= 0]


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


def _arguments_of_readers(column: int) -> list[Step]:
    numbers = {name: each[column] for name, each in LOOKED_INTO.items()}
    steps = _when_bits(numbers["openat"], argument=2, bits=_WRITING, then=_REFUSE, otherwise=_ALLOW)
    if numbers["open"] >= 0:
        steps += _when_bits(numbers["open"], argument=1, bits=_WRITING, then=_REFUSE, otherwise=_ALLOW)
    steps += _when_one_of(numbers["fcntl"], argument=1, values=_DESCRIPTOR_FLAGS)
    steps += _when_one_of(numbers["ioctl"], argument=1, values=_TERMINAL_OR_NOT)
    return [*steps, *_when_asking_for_own_limits(numbers["prlimit64"])]


def _threads_alone(column: int) -> list[Step]:
    return [
        *_answers([LOOKED_INTO["clone3"][column]], _UNKNOWN),
        *_when_bits(LOOKED_INTO["clone"][column], argument=0, bits=_CLONE_THREAD, then=_ALLOW, otherwise=_REFUSE),
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


def _when_one_of(number: int, *, argument: int, values: Iterable[int]) -> list[Step]:
    allowed = _answers(values, _ALLOW)
    return [
        (_EQUAL, 0, len(allowed) + 2, number),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * argument),
        *allowed,
        (_RETURN, 0, 0, _REFUSE),
    ]


def _when_asking_for_own_limits(number: int) -> list[Step]:
    """Of the process itself (0), and with no new limit, whose address is then 0 in both halves."""
    looked_at = (_ARGUMENTS, _ARGUMENTS + 16, _ARGUMENTS + 20)
    steps = [step for at in looked_at for step in ((_LOAD, 0, 0, at), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _REFUSE))]
    return [(_EQUAL, 0, len(steps) + 1, number), *steps, (_RETURN, 0, 0, _ALLOW)]
