import CArchive

/// The owner of one of libarchive's readers.
struct ArchiveReadHandle: ~Copyable {
    let pointer: OpaquePointer

    init?() {
        guard let pointer = archive_read_new() else { return nil }
        self.pointer = pointer
    }

    deinit { archive_read_free(pointer) }

    /// What libarchive says about its last failure.
    var message: String { archive_error_string(pointer).map { String(cString: $0) } ?? "no reason was given" }
}

/// The owner of one of libarchive's writers. Freeing it without `archive_write_close` would finish the
/// archive all the same, so a failed one is marked first.
struct ArchiveWriteHandle: ~Copyable {
    let pointer: OpaquePointer

    init?() {
        guard let pointer = archive_write_new() else { return nil }
        self.pointer = pointer
    }

    deinit {
        archive_write_fail(pointer)
        archive_write_free(pointer)
    }

    var message: String { archive_error_string(pointer).map { String(cString: $0) } ?? "no reason was given" }
}
