import Failures
import Files
import Glibc

/// Which releases running processes use, by what proc(5) shows: executable, mapped files, working directory, root,
/// open files, and arguments that name a path in the release.
///
/// A release is known by device and inode of its directory, not by its name: so one that a container has under another
/// path is found too, and one that was renamed since. Root sees all processes of its pid namespace; another user sees
/// its own, and of the others only the arguments: how many could not be looked into is told.
public struct ReleaseUse: Sendable, Equatable {
    /// A process that uses a release, with the first sign of that.
    public struct User: Hashable, Sendable, Encodable {
        public let process: Int32
        /// The program's name, up to 15 bytes.
        public let command: String
        public let sign: Sign
        /// What it has of the release.
        public let path: String
    }

    public enum Sign: String, Hashable, Sendable, Encodable {
        case executable, mapped, directory, root, open, argument, environment
    }

    /// By the names of the releases that are used; processes in the order of their numbers.
    public private(set) var users: [String: [User]] = [:]
    /// Processes that this user may not look into.
    public private(set) var unseen = 0
    /// Processes of other users are hidden altogether (proc(5), hidepid).
    public private(set) var isHidden = false

    /// Looks once through all processes, and again through those that began meanwhile.
    /// - Parameters:
    ///   - releases: the directories by name.
    ///   - proc: where proc(5) is mounted.
    /// - Throws: `FileError` where it is not.
    public static func look(for releases: [String: Directory], proc: String = "/proc") throws -> ReleaseUse {
        var use = ReleaseUse()
        var ancestry = Ancestry(try releases.mapValues { try $0.status() })
        let table = try Directory.open(proc)
        let own = ProcessGlance(getpid(), proc: proc).mounts
        var looked: Set<Int32> = [getpid()]
        use.isHidden = access("\(proc)/1/stat", R_OK) != 0
        // A process may begin another and end before it is looked at.
        for _ in 0..<8 {
            let numbers = try table.names().compactMap { Int32($0) }.filter { looked.insert($0).inserted }
            if numbers.isEmpty { break }
            for number in numbers { use.add(ProcessGlance(number, proc: proc), &ancestry, own) }
        }
        for name in use.users.keys { use.users[name]?.sort { $0.process < $1.process } }
        return use
    }

    private mutating func add(_ process: ProcessGlance, _ ancestry: inout Ancestry, _ ownMounts: String?) {
        let sight = process.sight()
        if case .nothing = sight { return }
        var found: Set<String> = []
        func note(_ sign: Sign, _ path: String, below root: String) {
            guard let name = ancestry.release(holding: path, below: root), found.insert(name).inserted else {
                return
            }
            users[name, default: []].append(
                User(process: process.number, command: process.command, sign: sign, path: path))
        }
        guard case .seen = sight else {
            unseen += 1
            for word in process.arguments where word.hasPrefix("/") { note(.argument, word, below: "") }
            return
        }
        // Paths of another mount namespace are looked up in that.
        let root = process.mounts == ownMounts ? "" : process.rootPath
        if let path = process.executable { note(.executable, path, below: root) }
        for path in process.mapped { note(.mapped, path, below: root) }
        if let path = process.workingDirectory { note(.directory, path, below: root) }
        if let path = process.root, path != "/" { note(.root, path, below: root) }
        for path in process.open { note(.open, path, below: root) }
        for word in process.arguments where word.hasPrefix("/") { note(.argument, word, below: root) }
        if let path = environmentOfHostPython(process) { note(.environment, path, below: root) }
    }

    /// An interpreter of the host's that runs in a virtual environment may have none of its files open, and imports
    /// from it later.
    private func environmentOfHostPython(_ process: ProcessGlance) -> String? {
        guard let name = process.executable?.split(separator: "/").last,
            name.hasPrefix("python") || name.hasPrefix("pypy")
        else { return nil }
        let variable = "VIRTUAL_ENV="
        return process.environment.first { $0.hasPrefix(variable) }.map {
            String($0.dropFirst(variable.count))
        }
    }
}

/// Which release a path lies in.
private struct Ancestry {
    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private let releases: [Identity: String]
    private var known: [String: String?] = [:]

    init(_ releases: [String: FileStatus]) {
        self.releases = Dictionary(
            releases.map { (Identity(device: $1.device, inode: $1.inode), $0) },
            uniquingKeysWith: { a, _ in a })
    }

    /// - Parameter root: put before the path.
    mutating func release(holding path: String, below root: String) -> String? {
        var walked: [String] = []
        var rest = root + path
        var found: String?
        while rest.utf8.count > root.utf8.count {
            if let answer = known[rest] {
                found = answer
                break
            }
            walked.append(rest)
            var value = stat()
            if stat(rest, &value) == 0,
                let name = releases[Identity(device: UInt64(value.st_dev), inode: UInt64(value.st_ino))]
            {
                found = name
                break
            }
            rest = String(rest[..<(rest.utf8.lastIndex(of: 0x2f) ?? rest.startIndex)])
        }
        for path in walked { known[path] = .some(found) }
        return found
    }
}

extension ReleaseUse {
    /// Sentences that name the processes, a few of them at most.
    public func words(of release: String, atMost limit: Int = 3) -> String {
        let users = users[release] ?? []
        let named = users.prefix(limit).map(\.words).joined(separator: ", ")
        return users.count > limit ? "\(named), and \(users.count - limit) more" : named
    }

    /// What could not be looked at; nil where everything was.
    public var blindness: String? {
        let advice = geteuid() == 0 ? "" : "; root sees more"
        if isHidden { return "processes of other users are hidden here, and may use it\(advice)" }
        guard unseen > 0 else { return nil }
        return
            "\(unseen) \(unseen == 1 ? "process" : "processes") could not be looked into, and may use it\(advice)"
    }
}

extension ReleaseUse.User {
    public var words: String {
        let name = "process \(process) (\(command.printable))"
        let path = path.printable
        return switch sign {
        case .executable: "\(name) runs '\(path)'"
        case .mapped: "\(name) has loaded '\(path)'"
        case .directory: "\(name) works in '\(path)'"
        case .root: "\(name) has its root at '\(path)'"
        case .open: "\(name) has '\(path)' open"
        case .argument: "\(name) was started with '\(path)'"
        case .environment: "\(name) runs Python in '\(path)'"
        }
    }
}
