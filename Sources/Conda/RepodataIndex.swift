import Glibc

/// Where the records of each package name lie in a document: one entry for each run of neighbours of one name.
///
/// Writers sort records by file name, so that a million records are some ten thousand runs; a document in any
/// other order only takes more memory, at most 12 bytes a record.
struct RepodataIndex {
    /// What a run is a part of.
    enum Section: UInt32 {
        /// `packages` and `packages.conda`: the form is told by the file name.
        case packages
        case removed
        case v3Conda
        case v3TarBzip2
    }

    struct Run {
        fileprivate let hash: UInt32
        private let start: UInt32
        private var packed: UInt32

        fileprivate init(hash: UInt32, offset: Int, section: Section) {
            self.hash = hash
            start = UInt32(offset)
            packed = section.rawValue << 30 | 1
        }

        /// Of the opening quote of its first key.
        var offset: Int { Int(start) }
        var count: Int { Int(packed & (1 << 30 - 1)) }
        var section: Section { Section(rawValue: packed >> 30) ?? .packages }

        fileprivate mutating func grow() { packed += 1 }
        fileprivate var isFull: Bool { count == 1 << 30 - 1 }
    }

    /// Bytes of the largest document: offsets have 32 bits.
    static let largest = Int(UInt32.max)

    private var runs: [Run] = []
    private var last: UnsafeRawBufferPointer?
    private var lastSection = Section.packages

    /// Notes a record whose package has that name.
    mutating func add(_ name: UnsafeRawBufferPointer, at offset: Int, _ section: Section) {
        if let last, lastSection == section, Self.equal(last, name), !runs[runs.count - 1].isFull {
            runs[runs.count - 1].grow()
            return
        }
        runs.append(Run(hash: Self.hash(name), offset: offset, section: section))
        last = name
        lastSection = section
    }

    /// What is added next is no neighbour of what was added last.
    mutating func endRun() { last = nil }

    /// Must be called once everything was added.
    mutating func seal() {
        endRun()
        runs.sort { ($0.hash, $0.offset) < ($1.hash, $1.offset) }
    }

    /// The runs that may be of that name, in the order of the document: two names may have one hash.
    func candidates(_ name: UnsafeRawBufferPointer) -> ArraySlice<Run> {
        let hash = Self.hash(name)
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return runs[low...].prefix { $0.hash == hash }
    }

    var all: [Run] { runs }

    /// FNV-1a: spreads well enough, and whoever makes names collide only makes their own look-ups longer.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash
    }

    static func equal(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        guard a.count == b.count, let first = a.baseAddress, let second = b.baseAddress else {
            return a.count == b.count
        }
        return memcmp(first, second, a.count) == 0
    }
}
