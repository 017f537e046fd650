import Conda
import Files

/// A repodata document together with the memory that it lies in.
final class RepodataFile {
    let repodata: Repodata
    private let memory: Memory
    private var lookUps = 0

    private enum Memory {
        case mapped(MappedFile)
        case owned(OwnedBytes)
    }

    /// Local files up to this size are read: a mapped file that somebody shortens ends the process. Bytes.
    private static let readWhole: UInt64 = 16 << 20

    /// - Parameters:
    ///   - isOurs: of the store, where nobody shortens a file.
    ///   - name: for messages.
    init(_ file: borrowing OpenFile, isOurs: Bool, name: String) throws {
        let size = try file.status().size
        if !isOurs, size <= Self.readWhole {
            let owned = OwnedBytes(try file.bytes(at: 0, count: Int(size)))
            memory = .owned(owned)
            repodata = try Repodata(owned.bytes, name: name)
            return
        }
        let mapped = try MappedFile(file)
        mapped.willReadOnce()
        memory = .mapped(mapped)
        // What has been indexed stays in the system's cache, and need not count as our memory.
        repodata = try Repodata(mapped.bytes, name: name) { mapped.release(first: $0) }
        mapped.release(first: mapped.bytes.count)
    }

    func records(named name: String) throws(CondaError) -> [PackageRecord] {
        let records = try repodata.records(named: name)
        lookUps += 1
        // Each place that is looked at brings a large piece of the file into memory, 2 MiB where the system likes.
        if lookUps % 16 == 0, case .mapped(let file) = memory { file.release(first: file.bytes.count) }
        return records
    }

    init(_ bytes: [UInt8], name: String) throws(CondaError) {
        let owned = OwnedBytes(bytes)
        memory = .owned(owned)
        repodata = try Repodata(owned.bytes, name: name)
    }
}

/// Bytes that stay where they are.
private final class OwnedBytes {
    let bytes: UnsafeRawBufferPointer

    init(_ source: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, source.count), alignment: 16)
        copy.copyBytes(from: source)
        bytes = UnsafeRawBufferPointer(rebasing: copy[..<source.count])
    }

    deinit { bytes.deallocate() }
}
