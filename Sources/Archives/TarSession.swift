import Failures
import Files

/// The second stage: decompressed bytes in, judged members out.
final class TarSession {
    private let reader: TarBlockReader
    private let archive: String
    private let limits: TarLimits
    private var names = TarNames()
    private var current: TarEntry?
    private var remaining: UInt64 = 0
    private var globalTime: Int64?

    init(_ source: TarInflatedSource, archive: String, limits: TarLimits) {
        reader = TarBlockReader(source, archive: archive)
        self.archive = archive
        self.limits = limits
    }

    func visitAll(_ visit: (TarEntry, TarContent) throws -> Void) throws {
        var count = 0
        while let entry = try nextEntry() {
            count += 1
            guard count <= limits.members else {
                throw TarError(
                    archive: archive,
                    reason: .refused("it has more than the allowed \(limits.members) members"))
            }
            current = entry
            remaining = entry.size
            try visit(entry, TarContent(session: self))
            try content { _ in }
            try skipPadding(entry.size, entry.path.string)
            current = nil
        }
    }

    private func damaged(_ what: String) -> TarError { TarError(archive: archive, reason: .damaged(what)) }

    /// The next member but `./` itself; nil after the end mark.
    private func nextEntry() throws -> TarEntry? {
        var extensions = TarExtensions()
        while true {
            guard let bytes = try reader.block() else {
                throw damaged("it lacks the two blocks of zeros that end an archive")
            }
            if bytes[0] == 0, bytes.allSatisfy({ $0 == 0 }) {
                guard extensions.isEmpty else { throw damaged("an extended header has no member after it") }
                try readEnd()
                return nil
            }
            do {
                let block = try TarBlock(bytes)
                switch block.type {
                case UInt8(ascii: "x"): try extensions.addPax(extra(block))
                case UInt8(ascii: "g"):
                    guard extensions.isEmpty else { throw damaged("a global header follows an extended one") }
                    globalTime = try TarExtensions.global(extra(block)) ?? globalTime
                case UInt8(ascii: "L"): try extensions.addGNU(name: extra(block), isLink: false)
                case UInt8(ascii: "K"): try extensions.addGNU(name: extra(block), isLink: true)
                default:
                    if let entry = try judge(block, extensions) { return entry }
                    extensions = TarExtensions()
                }
            } catch let fault as TarBlock.Fault { throw damaged(fault.text) }
        }
    }

    /// POSIX: two blocks of zeros end the archive; writers fill up to a multiple of 10,240 bytes with more.
    private func readEnd() throws {
        guard let second = try reader.block() else {
            throw damaged("it lacks the second of the two blocks of zeros that end an archive")
        }
        var isZero = second.allSatisfy { $0 == 0 }
        while isZero {
            let next = try reader.some(1 << 20)
            if next.isEmpty { return }
            isZero = next.allSatisfy { $0 == 0 }
        }
        throw TarError(archive: archive, reason: .refused("data follows its end mark"))
    }

    /// The content of an extension header.
    private func extra(_ block: TarBlock) throws -> [UInt8] {
        guard block.size > 0, block.size <= 1 << 20 else {
            throw damaged("an extended header has \(block.size) bytes")
        }
        guard let bytes = try reader.bytes(Int(block.size)) else { throw reader.truncated(nil) }
        try skipPadding(block.size, nil)
        return bytes
    }

    private func skipPadding(_ size: UInt64, _ member: String?) throws {
        try reader.skip(Int((512 - size % 512) % 512), member)
    }

    private func judge(_ block: TarBlock, _ extensions: TarExtensions) throws -> TarEntry? {
        let name = extensions.path ?? block.name
        var shown: String { String(decoding: name, as: UTF8.self) }
        func refused(_ what: String) -> TarError {
            TarError(archive: archive, member: shown, reason: .refused(what))
        }
        let isDirectory = block.type == UInt8(ascii: "5")
        guard extensions.path != nil || !block.name.isEmpty else { throw refused("its name is empty") }
        if extensions.path != nil {
            let parts = block.name.split(separator: 0x2f, omittingEmptySubsequences: false)
            guard block.name.first != 0x2f, !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
                throw refused(
                    "for readers that know no extended header it is called '\(String(decoding: block.name, as: UTF8.self))'"
                )
            }
        }
        let link = extensions.link ?? block.link
        let kind: TarEntry.Kind
        switch block.type {
        case UInt8(ascii: "0"): kind = .file
        case UInt8(ascii: "1"): kind = .hardLink(target: try relative(link, isDirectory: false, of: name))
        case UInt8(ascii: "2"):
            guard let target = String(validating: link, as: UTF8.self) else {
                throw refused("the target of this symbolic link is no UTF-8")
            }
            kind = .symbolicLink(target: target)
        case UInt8(ascii: "5"): kind = .directory
        case UInt8(ascii: "3"), UInt8(ascii: "4"): throw refused("it is a device node")
        case UInt8(ascii: "6"): throw refused("it is a fifo")
        case UInt8(ascii: "S"): throw refused("it is a sparse file")
        default: throw refused("its type is \(block.type), which has no place in an archive of files")
        }
        let size = try size(block, extensions, refused)
        guard kind == .file || size == 0 else {
            throw refused("only a file has content, and this has \(size) bytes")
        }
        if isDirectory, TarNames.normalize(name, isDirectory: true) == nil { return nil }
        let path = try relative(name, isDirectory: isDirectory, of: name)
        if let fault = names.add(path, kind) { throw refused(fault) }
        guard names.size <= limits.nameSize else {
            throw refused("with it, all names together exceed the allowed \(limits.nameSize) bytes")
        }
        return TarEntry(
            path: path, kind: kind, size: size, permissions: block.permissions,
            modificationTime: extensions.modificationTime ?? globalTime ?? block.modificationTime)
    }

    /// The pax size is there for what the header's 11 octal digits cannot hold. Where it contradicts a size
    /// that they can, readers that know pax and those that do not would see different members.
    private func size(
        _ block: TarBlock, _ extensions: TarExtensions, _ refused: (String) -> TarError
    ) throws(TarError) -> UInt64 {
        let size = extensions.size ?? block.size
        guard size == block.size || size >= 1 << 33 else {
            throw refused("its header says \(block.size) bytes and its extended header \(size)")
        }
        guard size <= limits.memberSize else {
            throw refused("its \(size) bytes exceed the allowed \(limits.memberSize)")
        }
        return size
    }

    /// - Parameter member: the member's name, for messages.
    private func relative(_ name: [UInt8], isDirectory: Bool, of member: [UInt8]) throws(TarError)
        -> RelativePath
    {
        let refusal: String
        if let normal = TarNames.normalize(name, isDirectory: isDirectory) {
            if let fault = TarNames.fault(of: normal) {
                refusal = fault
            } else {
                do throws(PathError) { return try RelativePath(bytes: normal) } catch { refusal = "\(error)" }
            }
        } else {
            refusal = "a name in it is empty"
        }
        throw TarError(
            archive: archive, member: String(decoding: member, as: UTF8.self), reason: .refused(refusal))
    }

    func checkSize(_ limit: Int) throws {
        guard let current, current.size > UInt64(limit) else { return }
        throw TarError(
            archive: archive, member: current.path.string,
            reason: .refused("its \(current.size) bytes exceed the \(limit) that it may have"))
    }

    func content(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        while remaining > 0 {
            let bytes = try reader.some(remaining)
            if bytes.isEmpty { throw reader.truncated(current?.path.string) }
            remaining -= UInt64(bytes.count)
            try body(bytes)
        }
    }
}
