import Bundle

/// What differs between the files of two versions of one package.
public struct FilesDiff: Codable, Hashable, Sendable {
    public enum Change: String, Codable, Hashable, Sendable, CaseIterable { case added, removed, changed }

    /// Sorted by path, as all lists here.
    public var files: [File]
    public var entryPoints: [EntryPoint]
    public var hooks: [HookChange]
    public var libraries: [Library]

    enum CodingKeys: String, CodingKey {
        case files, hooks, libraries
        case entryPoints = "entry_points"
    }

    public struct File: Codable, Hashable, Sendable {
        public var change: Change
        /// Of the newer side, where it has the file.
        public var path: String
        public var from: PackageFiles.File?
        public var to: PackageFiles.File?
    }

    /// A command.
    public struct EntryPoint: Codable, Hashable, Sendable {
        public var change: Change
        /// Of the command.
        public var name: String
        /// `module:attribute`.
        public var from: String?
        public var to: String?
    }

    /// What runs without being called.
    public struct HookChange: Codable, Hashable, Sendable {
        public var change: Change
        public var kind: Hook.Kind
        public var path: String
    }

    public struct Library: Codable, Hashable, Sendable {
        public var change: Change
        public var path: String
        public var from: NativeLibrary?
        public var to: NativeLibrary?
    }

    public var isEmpty: Bool {
        files.isEmpty && entryPoints.isEmpty && hooks.isEmpty && libraries.isEmpty
    }

    /// One side of a comparison.
    public struct Side: Sendable {
        public let files: PackageFiles
        public let python: Manifest.Python?
        /// Read from an environment on disk: modes are those of its file system, launchers are written, and the
        /// digests of scripts are those after the interpreter's path was put into them.
        public let isInstalled: Bool

        public init(_ files: PackageFiles, python: Manifest.Python?, isInstalled: Bool = false) {
            self.files = files
            self.python = python
            self.isInstalled = isInstalled
        }

        static let nothing = Side(PackageFiles(), python: nil)
    }

    public init(from: Side, to: Side) {
        let (old, new) = (
            PathTranslation(from.python, other: to.python), PathTranslation(to.python, other: from.python)
        )
        files = Self.files(from, to, old, new)
        entryPoints = Self.entryPoints(from.files.entryPoints, to.files.entryPoints)
        let changed = Set(files.filter { $0.change == .changed }.map { Array($0.path.utf8) })
        hooks = Self.pairs(from.files.hooks, to.files.hooks, { old.key($0.path) }, { new.key($0.path) })
            .compactMap { pair in
                switch pair {
                case (let hook?, nil): .init(change: .removed, kind: hook.kind, path: hook.path)
                case (nil, let hook?): .init(change: .added, kind: hook.kind, path: hook.path)
                case (_, let hook?) where changed.contains(Array(hook.path.utf8)):
                    .init(change: .changed, kind: hook.kind, path: hook.path)
                default: nil
                }
            }
        libraries = Self.libraries(from.files.libraries, to.files.libraries, old, new)
        files.sort { PackageFiles.precedes($0.path, $1.path) }
        entryPoints.sort { PackageFiles.precedes($0.name, $1.name) }
        hooks.sort { PackageFiles.precedes($0.path, $1.path) }
        libraries.sort { PackageFiles.precedes($0.path, $1.path) }
    }

    private static func files(
        _ from: Side, _ to: Side, _ old: PathTranslation, _ new: PathTranslation
    ) -> [File] {
        let mixed = from.isInstalled != to.isInstalled
        return pairs(from.files.files, to.files.files, { old.key($0.path) }, { new.key($0.path) })
            .compactMap { pair in
                switch pair {
                case (let file?, nil): File(change: .removed, path: file.path, from: file, to: nil)
                case (nil, let file?): File(change: .added, path: file.path, from: nil, to: file)
                case (let a?, let b?):
                    isSame(a, b, mixed: mixed)
                        ? nil : File(change: .changed, path: b.path, from: a, to: b)
                case (nil, nil): nil
                }
            }
    }

    private static func isSame(_ a: PackageFiles.File, _ b: PackageFiles.File, mixed: Bool) -> Bool {
        guard a.link.map({ Array($0.utf8) }) == b.link.map({ Array($0.utf8) }) else { return false }
        let modesAgree = mixed ? isExecutable(a) == isExecutable(b) : a.mode == b.mode
        if mixed, a.rewritten != b.rewritten { return modesAgree }
        return modesAgree && a.sha256 == b.sha256
    }

    private static func isExecutable(_ file: PackageFiles.File) -> Bool {
        UInt32(file.mode, radix: 8).map { $0 & 0o111 != 0 } ?? false
    }

    private static func entryPoints(_ from: [String], _ to: [String]) -> [EntryPoint] {
        func parts(_ text: String) -> (name: String, target: String?) {
            guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (text, nil) }
            let name = text[..<equals].utf8.dropLast()
            return (String(Substring(name)), String(text[text.utf8.index(equals, offsetBy: 2)...]))
        }
        let (old, new) = (from.map(parts), to.map(parts))
        return pairs(old, new, { Array($0.name.utf8) }, { Array($0.name.utf8) }).compactMap { pair in
            switch pair {
            case (let a?, nil): .init(change: .removed, name: a.name, from: a.target, to: nil)
            case (nil, let b?): .init(change: .added, name: b.name, from: nil, to: b.target)
            case (let a?, let b?):
                // An environment on disk does not always tell what a command calls.
                a.target == nil || b.target == nil || a.target == b.target
                    ? nil : .init(change: .changed, name: b.name, from: a.target, to: b.target)
            case (nil, nil): nil
            }
        }
    }

    private static func libraries(
        _ from: [NativeLibrary], _ to: [NativeLibrary], _ old: PathTranslation, _ new: PathTranslation
    ) -> [Library] {
        let exact = pairs(from, to, { old.key($0.path) }, { new.key($0.path) })
        let alone = (
            exact.compactMap { $0.1 == nil ? $0.0 : nil }, exact.compactMap { $0.0 == nil ? $0.1 : nil }
        )
        let both =
            exact.filter { $0.0 != nil && $0.1 != nil }
            + pairs(
                alone.0, alone.1, { PathTranslation.libraryKey(old.key($0.path)) },
                { PathTranslation.libraryKey(new.key($0.path)) })
        return both.compactMap { pair in
            switch pair {
            case (let a?, nil): Library(change: .removed, path: a.path, from: a, to: nil)
            case (nil, let b?): Library(change: .added, path: b.path, from: nil, to: b)
            case (let a?, let b?):
                needs(a) == needs(b) ? nil : Library(change: .changed, path: b.path, from: a, to: b)
            case (nil, nil): nil
            }
        }
    }

    /// A library under another name that needs the same is the same one.
    private static func needs(_ library: NativeLibrary) -> NativeLibrary {
        var copy = library
        copy.path = ""
        copy.soname = nil
        // Wheels name libraries that they carry after their digests.
        copy.needed = library.needed.map {
            String(decoding: PathTranslation.libraryKey(Array($0.utf8)), as: UTF8.self)
        }
        copy.fault = library.fault == nil ? nil : ""
        return copy
    }

    /// Items of both sides by their keys, compared as bytes; where a key stands twice, in their order.
    private static func pairs<Item>(
        _ from: [Item], _ to: [Item], _ oldKey: (Item) -> [UInt8], _ newKey: (Item) -> [UInt8]
    ) -> [(Item?, Item?)] {
        var waiting: [[UInt8]: [Int]] = [:]
        for place in to.indices.reversed() { waiting[newKey(to[place]), default: []].append(place) }
        var isPaired = [Bool](repeating: false, count: to.count)
        var result: [(Item?, Item?)] = []
        result.reserveCapacity(max(from.count, to.count))
        for item in from {
            let place = waiting[oldKey(item)]?.popLast()
            if let place { isPaired[place] = true }
            result.append((item, place.map { to[$0] }))
        }
        result += to.indices.filter { !isPaired[$0] }.map { (nil, to[$0]) }
        return result
    }
}
