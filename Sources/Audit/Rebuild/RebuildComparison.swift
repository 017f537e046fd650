import Archives
import Bundle
import Digests
import Glibc

/// A bundle beside what cutting again gave, compared to the byte in the form without signatures.
public struct RebuildComparison {
    let original: BundleReader
    let rebuilt: BundleReader

    /// - Parameters:
    ///   - original: verified: each of its entries is what its manifest says.
    ///   - rebuilt: without signatures.
    public init(_ original: BundleReader, _ rebuilt: BundleReader) {
        self.original = original
        self.rebuilt = rebuilt
    }

    /// All differences, those that weigh most first; empty where every byte is the same.
    public func differences() throws -> [RebuildDifference] {
        guard let offset = try firstDifference() else { return [] }
        let entries = try entryDifferences()
        let found = generator() + entries + (try manifestDifferences(explained: Set(entries.map(\.subject))))
        guard found.isEmpty else { return Self.listsLast(found) }
        return [
            RebuildDifference(
                .layout, "byte \(offset)", bundle: nil, rebuilt: nil,
                meaning: "the files differ there although every part of them is the same")
        ]
    }

    /// A list of components follows from everything else: beside other differences it says nothing of its own.
    private static func listsLast(_ found: [RebuildDifference]) -> [RebuildDifference] {
        let others = found.filter { $0.kind != .sbom }
        guard !others.isEmpty else { return found }
        let lists = found.filter { $0.kind == .sbom }.map {
            $0.bundle == nil || $0.rebuilt == nil
                ? $0
                : RebuildDifference(
                    .sbom, $0.subject, bundle: $0.bundle, rebuilt: $0.rebuilt,
                    meaning: RebuildMeaning.listBesideOthers)
        }
        return others + lists
    }

    // The bytes

    /// Where everything before the signatures ends, and the directory that would follow there without them.
    private static func unsigned(_ reader: BundleReader) -> (end: UInt64, directory: [UInt8]) {
        let manifest = reader.layout.members[0]
        let layout = BundleLayout(
            reader.manifest,
            manifestPart: .init(name: manifest.name, size: manifest.size, crc32: manifest.crc32))
        return (layout.directoryOffset, layout.directory)
    }

    /// The offset of the first byte that differs in the forms without signatures; nil where none does.
    func firstDifference() throws -> UInt64? {
        let (end, directory) = Self.unsigned(original)
        let (otherEnd, otherDirectory) = Self.unsigned(rebuilt)
        let common = min(end, otherEnd)
        let file = try original.file(upTo: common)
        let other = try rebuilt.file(upTo: common)
        let size = 1 << 20
        let buffers = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * size, alignment: 4_096)
        defer { buffers.deallocate() }
        let first = UnsafeMutableRawBufferPointer(rebasing: buffers[..<size])
        let second = UnsafeMutableRawBufferPointer(rebasing: buffers[size...])
        var offset: UInt64 = 0
        while offset < common {
            let count = try file.read(into: first, at: offset)
            let otherCount = try other.read(into: second, at: offset)
            let both = min(count, otherCount)
            if let place = (0..<both).firstDifference(first, second) { return offset + UInt64(place) }
            guard count == otherCount, count > 0 else { return offset + UInt64(both) }
            offset += UInt64(count)
        }
        return end == otherEnd && directory == otherDirectory ? nil : common
    }

    // The parts

    private func generator() -> [RebuildDifference] {
        let (cut, now) = (original.manifest.generator, rebuilt.manifest.generator)
        guard cut != now else { return [] }
        return [
            RebuildDifference(
                .generator, "generator", bundle: cut, rebuilt: now,
                meaning:
                    "another version cut it, which alone may make every difference below; check it with that version"
            )
        ]
    }

    private struct Part {
        let size: UInt64
        let sha256: SHA256Digest

        var words: String { "\(ByteCount.text(size)), SHA-256 \(sha256)" }
    }

    private static func parts(_ manifest: Manifest) -> [String: Part] {
        var parts: [String: Part] = [:]
        for archive in manifest.archives {
            parts[archive.path] = Part(size: archive.size, sha256: archive.sha256)
        }
        for entry in manifest.entries { parts[entry.path] = Part(size: entry.size, sha256: entry.sha256) }
        return parts
    }

    private func entryDifferences() throws -> [RebuildDifference] {
        var found: [RebuildDifference] = []
        let (stub, other) = (original.manifest.stub, rebuilt.manifest.stub)
        let parts = Self.parts(original.manifest)
        let others = Self.parts(rebuilt.manifest)
        let names = Set(parts.keys).union(others.keys).filter { parts[$0]?.sha256 != others[$0]?.sha256 }
        for name in names {
            let kind = Self.kind(of: name)
            found.append(
                RebuildDifference(
                    kind, name, bundle: parts[name]?.words, rebuilt: others[name]?.words,
                    meaning: RebuildMeaning.ofEntry(
                        kind, isInBundle: parts[name] != nil, isRebuilt: others[name] != nil)))
        }
        if stub.sha256 != other.sha256, try !stubFollows() {
            found.append(
                RebuildDifference(
                    .stub, "stub", bundle: "SHA-256 \(stub.sha256)", rebuilt: "SHA-256 \(other.sha256)",
                    meaning: RebuildMeaning.stub))
        }
        let order = RebuildDifference.Kind.allCases
        return found.sorted {
            let (a, b) = (order.firstIndex(of: $0.kind) ?? 0, order.firstIndex(of: $1.kind) ?? 0)
            return a == b ? $0.subject.utf8.lexicographicallyPrecedes($1.subject.utf8) : a < b
        }
    }

    /// Whether the stubs differ only in the numbers of the installer that they name: these are compared by themselves.
    private func stubFollows() throws -> Bool {
        let (a, b) = (original.manifest, rebuilt.manifest)
        guard a.stub.size == b.stub.size, let first = original.layout.member(a.installerPath),
            let second = rebuilt.layout.member(b.installerPath),
            let mine = a.entry(a.installerPath), let theirs = b.entry(b.installerPath)
        else { return false }
        func text(_ reader: BundleReader, _ offset: UInt64, _ entry: Manifest.Entry) throws -> [UInt8] {
            var text = try reader.file(upTo: reader.manifest.stub.size)
                .bytes(at: 0, count: Int(reader.manifest.stub.size))
            for number in [Stub.fixedWidth(offset), Stub.fixedWidth(entry.size), entry.sha256.hex] {
                let found = text.firstRange(of: Array(number.utf8))
                if let found { text.replaceSubrange(found, with: repeatElement(0, count: found.count)) }
            }
            return text
        }
        return try text(original, first.dataOffset, mine) == text(rebuilt, second.dataOffset, theirs)
    }

    private static func kind(of entry: String) -> RebuildDifference.Kind {
        switch entry {
        case "airlift/spec.toml": .spec
        case "airlift/lock.yml": .lock
        case let name where name.hasPrefix("airlift/installer-"): .installer
        case let name where name.hasPrefix("airlift/sbom."): .sbom
        case let name where name.hasPrefix("archives/files/"): .file
        case let name where name.hasPrefix("archives/"): .archive
        case let name where name.hasPrefix("derived/"): .bytecode
        default: .entry
        }
    }

    /// What the manifests say otherwise, but for what follows from an entry that is named already.
    private func manifestDifferences(explained: Set<String>) throws -> [RebuildDifference] {
        let pairs = AnyJSON.differences(
            try AnyJSON.read(original.manifestBytes), try AnyJSON.read(rebuilt.manifestBytes))
        return pairs.compactMap { pair in
            guard !RebuildMeaning.follows(pair.key, from: explained) else { return nil }
            return RebuildDifference(
                .manifest, pair.key, bundle: pair.first, rebuilt: pair.second,
                meaning: RebuildMeaning.ofKey(pair.key))
        }
    }
}

extension Range<Int> {
    /// The first index of the range at which two buffers differ.
    fileprivate func firstDifference(
        _ a: UnsafeMutableRawBufferPointer, _ b: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard !isEmpty, memcmp(a.baseAddress!, b.baseAddress!, count) != 0 else { return nil }
        return first { a[$0] != b[$0] }
    }
}
