import Files
import Glibc

/// What proc(5) tells of one running process, as far as this user may look.
struct ProcessGlance {
    let number: Int32
    private let directory: String

    /// - Parameter proc: where proc(5) is mounted.
    init(_ number: Int32, proc: String) {
        self.number = number
        directory = "\(proc)/\(number)"
    }

    enum Sight {
        /// Threads of the kernel use no files of ours, and what has ended uses none any more.
        case nothing
        case denied
        case seen
    }

    /// Whether this user may see what the process has open.
    func sight() -> Sight {
        guard let status = text("stat", limit: 4_096), let end = status.utf8.lastIndex(of: UInt8(ascii: ")"))
        else { return access(directory + "/stat", R_OK) != 0 && Self.isDenied ? .denied : .nothing }
        // What follows the name begins with field 3, the state; the flags are field 9.
        let fields = status[end...].split(separator: " ").dropFirst()
        let flags = fields.dropFirst(6).first.flatMap { UInt64(String($0)) } ?? 0
        let isOfKernel = flags & 0x20_0000 != 0
        if isOfKernel || fields.first == "Z" || fields.first == "X" { return .nothing }
        var byte: CChar = 0
        if readlink(directory + "/exe", &byte, 1) >= 0 { return .seen }
        return Self.isDenied ? .denied : .nothing
    }

    private static var isDenied: Bool { errno == EACCES || errno == EPERM }

    /// The first 15 bytes of the program's name, as the kernel keeps it.
    var command: String {
        text("comm", limit: 256)?.split(separator: "\n").first.map(String.init) ?? "?"
    }

    /// The executable's path, without the word that says it was deleted.
    var executable: String? {
        link("exe").map { $0.hasSuffix(Self.deleted) ? String($0.dropLast(Self.deleted.count)) : $0 }
    }

    var workingDirectory: String? { link("cwd") }
    var root: String? { link("root") }
    /// Identity of its mount namespace; nil where that is not told.
    var mounts: String? { link("ns/mnt") }

    /// Paths below which the process's own names are to be looked up.
    var rootPath: String { directory + "/root" }

    /// Files that are mapped: libraries, modules, data.
    var mapped: [String] {
        guard let text = text("maps", limit: 256 << 20) else { return [] }
        var paths: [String] = []
        for line in text.utf8.split(separator: 0x0a) {
            guard let slash = line.firstIndex(of: 0x2f) else { continue }
            let path = String(Substring(line[slash...]))
            if paths.last != path { paths.append(path) }
        }
        return paths
    }

    /// Files and directories that it holds open.
    var open: [String] {
        guard let held = try? Directory.open(directory + "/fd"), let names = try? held.names() else {
            return []
        }
        return names.compactMap { link("fd/" + $0) }.filter { $0.hasPrefix("/") }
    }

    /// What everybody may see of it.
    var arguments: [String] { words("cmdline") }

    /// `NAME=value`, as it was when the program began.
    var environment: [String] { words("environ") }

    private static let deleted = " (deleted)"

    private func words(_ name: String) -> [String] {
        text(name, limit: 8 << 20)?.utf8.split(separator: 0).map { String(Substring($0)) } ?? []
    }

    private func link(_ name: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("\(directory)/\(name)", &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Files of proc(5) tell no size.
    private func text(_ name: String, limit: Int) -> String? {
        guard let file = try? OpenFile.read("\(directory)/\(name)") else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            guard let piece = try? file.bytes(at: UInt64(bytes.count), count: min(limit, 64 << 10)) else {
                return nil
            }
            if piece.isEmpty { break }
            bytes.append(contentsOf: piece)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
