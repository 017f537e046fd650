import CSeccomp
import Glibc

/// A call that a supervised process is about to make.
struct SupervisedCall {
    let call: SystemCall
    let arguments: [UInt64]
    let thread: pid_t
    /// Absolute paths of the files that it names, symbolic links as they stand.
    let paths: [String]
    /// open(2)'s flags; 0 for other calls.
    let flags: Int32

    var name: String { call.name }

    init(_ raw: airlift_call, _ call: SystemCall) {
        self.call = call
        arguments = [
            raw.arguments.0, raw.arguments.1, raw.arguments.2, raw.arguments.3, raw.arguments.4,
            raw.arguments.5,
        ]
        thread = raw.thread
        let memory = ProcessMemory(thread)
        paths = call.names.compactMap { memory.path($0, raw) }
        flags = memory.openFlags(call, raw)
    }

    /// Whether it changes what a file system holds; reading through open(2) and close(2) do not.
    var changesState: Bool {
        switch name {
        case "open", "openat", "openat2":
            flags & (O_CREAT | O_TRUNC) != 0
        case "close": false
        // FICLONE and FICLONERANGE.
        case "ioctl": arguments[1] == 0x4004_9409 || arguments[1] == 0x4020_940d
        default: true
        }
    }

    func isBelow(_ directory: String) -> Bool {
        paths.contains { $0 == directory || $0.hasPrefix(directory + "/") }
    }

    /// What it does, without the numbers that differ from run to run.
    var words: String {
        let paths = paths.map { path in
            path.split(separator: "/").map { part -> Substring in
                guard part.hasPrefix(".airlift.") && part.hasSuffix(".part") else { return part }
                return ".airlift.part"
            }.joined(separator: "/")
        }
        return ([name] + paths).joined(separator: " ")
    }
}

/// What /proc tells of a process that waits for an answer.
private struct ProcessMemory {
    let thread: pid_t

    init(_ thread: pid_t) { self.thread = thread }

    func path(_ name: SystemCall.Name, _ raw: airlift_call) -> String? {
        func argument(_ index: Int) -> UInt64 {
            [
                raw.arguments.0, raw.arguments.1, raw.arguments.2, raw.arguments.3, raw.arguments.4,
                raw.arguments.5,
            ][index]
        }
        switch name {
        case .descriptor(let index): return descriptor(Int32(truncatingIfNeeded: argument(index)))
        case .path(let index, let from):
            let start = from.map { Int32(truncatingIfNeeded: argument($0)) } ?? AT_FDCWD
            // futimens(3): the descriptor itself.
            guard argument(index) != 0, let text = text(at: argument(index)) else { return descriptor(start) }
            if text.hasPrefix("/") { return text }
            let base = start == AT_FDCWD ? link("cwd") : descriptor(start)
            return text.isEmpty || text == "." ? base : base.map { "\($0)/\(text)" }
        }
    }

    func openFlags(_ call: SystemCall, _ raw: airlift_call) -> Int32 {
        switch call.name {
        case "open": Int32(truncatingIfNeeded: raw.arguments.1)
        case "openat": Int32(truncatingIfNeeded: raw.arguments.2)
        case "creat": O_CREAT | O_TRUNC
        // struct open_how begins with the flags, 64 bits.
        case "openat2":
            Int32(
                truncatingIfNeeded: bytes(at: raw.arguments.2, count: 4).reversed().reduce(0) {
                    $0 << 8 | Int64($1)
                })
        default: 0
        }
    }

    private func descriptor(_ number: Int32) -> String? { link("fd/\(number)") }

    private func link(_ name: String) -> String? { Self.target("/proc/\(thread)/\(name)") }

    static func target(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func text(at address: UInt64) -> String? {
        let bytes = bytes(at: address, count: 4_096)
        guard let end = bytes.firstIndex(of: 0) else { return nil }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private func bytes(at address: UInt64, count: Int) -> [UInt8] {
        let memory = open("/proc/\(thread)/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0 else { return [] }
        defer { close(memory) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, pread(memory, buffer.baseAddress, count, off_t(truncatingIfNeeded: address)))
        }
    }
}

extension SupervisedCall {
    /// The program that makes the call.
    var program: String? { ProcessMemory.target("/proc/\(thread)/exe") }

    /// The process that the thread belongs to.
    var process: pid_t? {
        guard let status = try? Tree.text("/proc/\(thread)/status") else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("Tgid:") }
        return line.flatMap { $0.split(separator: "\t").last }.flatMap { pid_t($0) }
    }

    /// Writes the first half of what write(2) is to write.
    /// - Returns: bytes written; nil where that cannot be done, for one byte or other calls.
    func writeHalf() -> Int? {
        let count = Int(arguments[2]) / 2
        guard name == "write" || name == "pwrite64", count > 0, let process else { return nil }
        let copy = airlift_take_descriptor(process, Int32(truncatingIfNeeded: arguments[0]))
        guard copy >= 0 else { return nil }
        defer { close(copy) }
        let bytes = ProcessMemory(thread).wholeBytes(at: arguments[1], count: count)
        guard bytes.count == count else { return nil }
        let done =
            name == "write"
            ? Glibc.write(copy, bytes, count) : pwrite(copy, bytes, count, off_t(arguments[3]))
        return done > 0 ? done : nil
    }
}

extension ProcessMemory {
    fileprivate func wholeBytes(at address: UInt64, count: Int) -> [UInt8] {
        bytes(at: address, count: count)
    }
}
