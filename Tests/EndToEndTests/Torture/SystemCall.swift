/// A system call of x86-64 Linux that can change what lies on a disk, or that ends a change (close, fsync), and
/// where its arguments name files.
struct SystemCall: Hashable, Sendable {
    enum Name: Hashable, Sendable {
        /// The argument with this index is a descriptor.
        case descriptor(Int)
        /// The argument is a path; `from` is the index of the descriptor that it starts at, nil for the working
        /// directory.
        case path(Int, from: Int?)
    }

    let name: String
    let number: Int32
    let names: [Name]

    private static func at(_ name: String, _ number: Int32, _ paths: (Int, Int?)...) -> SystemCall {
        SystemCall(name: name, number: number, names: paths.map { .path($0.0, from: $0.1) })
    }

    private static func on(_ name: String, _ number: Int32, _ descriptor: Int = 0) -> SystemCall {
        SystemCall(name: name, number: number, names: [.descriptor(descriptor)])
    }

    static let all: [SystemCall] = [
        on("write", 1), on("pwrite64", 18), on("writev", 20), on("pwritev", 296), on("pwritev2", 328),
        on("sendfile", 40), on("splice", 275, 2), on("copy_file_range", 326, 2), on("ioctl", 16),
        on("ftruncate", 77), on("fallocate", 285), at("truncate", 76, (0, nil)),
        at("open", 2, (0, nil)), at("creat", 85, (0, nil)), at("openat", 257, (1, 0)),
        at("openat2", 437, (1, 0)), on("close", 3),
        at("mkdir", 83, (0, nil)), at("mkdirat", 258, (1, 0)), at("rmdir", 84, (0, nil)),
        at("mknod", 133, (0, nil)), at("mknodat", 259, (1, 0)),
        at("rename", 82, (0, nil), (1, nil)), at("renameat", 264, (1, 0), (3, 2)),
        at("renameat2", 316, (1, 0), (3, 2)),
        at("link", 86, (0, nil), (1, nil)), at("linkat", 265, (1, 0), (3, 2)),
        at("symlink", 88, (1, nil)), at("symlinkat", 266, (2, 1)),
        at("unlink", 87, (0, nil)), at("unlinkat", 263, (1, 0)),
        on("fchmod", 91), at("chmod", 90, (0, nil)), at("fchmodat", 268, (1, 0)),
        at("fchmodat2", 452, (1, 0)),
        on("fchown", 93), at("chown", 92, (0, nil)), at("lchown", 94, (0, nil)),
        at("fchownat", 260, (1, 0)),
        at("utime", 132, (0, nil)), at("utimes", 235, (0, nil)), at("futimesat", 261, (1, 0)),
        at("utimensat", 280, (1, 0)),
        at("setxattr", 188, (0, nil)), at("lsetxattr", 189, (0, nil)), on("fsetxattr", 190),
        at("removexattr", 197, (0, nil)), at("lremovexattr", 198, (0, nil)), on("fremovexattr", 199),
        on("fsync", 74), on("fdatasync", 75), on("sync_file_range", 277), on("syncfs", 306),
        SystemCall(name: "sync", number: 162, names: []),
    ]

    static let byNumber = Dictionary(uniqueKeysWithValues: all.map { ($0.number, $0) })

    static let opening: Set<String> = ["open", "openat", "openat2", "creat"]
    static let writing: Set<String> = [
        "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "splice", "copy_file_range",
    ]
    static let synchronizing: Set<String> = ["fsync", "fdatasync", "syncfs", "sync_file_range", "sync"]
    static let renaming: Set<String> = ["rename", "renameat", "renameat2"]
    static let removing: Set<String> = ["unlink", "unlinkat", "rmdir"]

    /// What strace may see besides, which leaves every file system as it was: reading, waiting, memory, threads, and
    /// moving a descriptor. Whatever is in neither list fails a test.
    static let harmless: Set<String> = [
        "_exit", "access", "arch_prctl", "brk", "chdir", "clock_gettime", "clock_nanosleep", "clone",
        "clone3",
        "dup", "dup2", "dup3", "epoll_create1", "epoll_ctl", "epoll_wait", "execve", "exit", "exit_group",
        "flistxattr",
        "faccessat", "faccessat2", "fadvise64", "fcntl", "flock", "fork", "fstat", "fstatfs", "futex",
        "getcwd", "getdents", "getdents64", "getegid", "geteuid", "getgid", "getpgrp", "getpid", "getppid",
        "getrandom", "getrlimit", "getrusage", "gettid", "gettimeofday", "getuid", "kill", "lseek", "lstat",
        "madvise", "membarrier", "memfd_create", "mmap", "mprotect", "mremap", "munmap", "nanosleep",
        "newfstatat", "pidfd_open", "pipe", "pipe2", "poll", "ppoll", "prctl", "pread64", "preadv",
        "prlimit64",
        "pselect6", "read", "readlink", "readlinkat", "readv", "restart_syscall", "rseq", "rt_sigaction",
        "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "sched_getaffinity", "sched_yield", "select",
        "set_robust_list", "set_tid_address", "setpgid", "setsid", "sigaltstack", "stat", "statfs", "statx",
        "sysinfo", "tgkill", "umask", "uname", "vfork", "wait4", "waitid",
    ]
}
