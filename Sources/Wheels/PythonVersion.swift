/// A version of a Python distribution or interpreter (PEP 440). Equality and order follow the PEP:
/// `1.0` equals `1.0.0`, and a local version is above its public one.
public struct PythonVersion: Sendable {
    public enum Phase: Int, Sendable, Comparable {
        case alpha, beta, candidate

        /// `a`, `b` or `rc`.
        public var letters: String { self == .alpha ? "a" : self == .beta ? "b" : "rc" }
        public static func < (a: Phase, b: Phase) -> Bool { a.rawValue < b.rawValue }
    }

    public struct Prerelease: Hashable, Sendable {
        public let phase: Phase
        public let number: Int
    }

    public let epoch: Int
    /// One number or more, trailing zeros kept as given.
    public let release: [Int]
    public let pre: Prerelease?
    public let post: Int?
    public let dev: Int?
    let localSegments: [LocalSegment]
    /// Epoch and the first three release numbers, each capped to its field: where two of these
    /// differ, they order as the versions do. Most comparisons need nothing else.
    private let head: UInt64

    init(epoch: Int, release: [Int], pre: Prerelease?, post: Int?, dev: Int?, local: [LocalSegment]) {
        self.epoch = epoch
        self.release = release
        self.pre = pre
        self.post = post
        self.dev = dev
        localSegments = local
        head = Self.head(epoch, release)
    }

    /// Reads a version in any spelling that the PEP allows (`v1.0-RC.1`, `1.0-3`, …), with white space
    /// around it.
    /// - Throws: when it is no version, or a number is over 9,223,372,036,854,775,807.
    public init(_ text: some StringProtocol) throws(WheelError) {
        var copy = String(text)
        let read = copy.withUTF8 { bytes in
            var scanner = VersionScanner(bytes)
            return scanner.version()
        }
        guard let read else {
            throw WheelError(
                .version, text,
                "PEP 440 wants a form such as 1.2.3, 2.0rc1, 1.0.post2, 3.1.dev4 or 1!2.0+local")
        }
        self = read
    }

    /// The version of `major.minor…`, as of an interpreter.
    public init(_ release: Int...) {
        self.init(
            epoch: 0, release: release.isEmpty ? [0] : release, pre: nil, post: nil, dev: nil, local: [])
    }

    /// The normalised local label without its `+`.
    public var local: String? {
        localSegments.isEmpty ? nil : localSegments.map(\.text).joined(separator: ".")
    }
    /// A pre-release or a development release.
    public var isPrerelease: Bool { pre != nil || dev != nil }
    public var isPostrelease: Bool { post != nil }
    /// Without the local label.
    public var publicVersion: PythonVersion {
        localSegments.isEmpty
            ? self : PythonVersion(epoch: epoch, release: release, pre: pre, post: post, dev: dev, local: [])
    }
    /// A number of the release, 0 where it is not written.
    public func releaseNumber(_ index: Int) -> Int { index < release.count ? release[index] : 0 }
    public var major: Int { release[0] }
    public var minor: Int { releaseNumber(1) }
    public var micro: Int { releaseNumber(2) }

    private static func head(_ epoch: Int, _ release: [Int]) -> UInt64 {
        var head: UInt64 = 0
        var full = false
        func put(_ value: Int, bits: UInt64) {
            let limit = UInt64(1) << bits - 1
            // Behind a capped field nothing may count, since the cap hides which one is larger.
            let capped = full ? 0 : min(UInt64(value), limit)
            full = full || capped == limit
            head = head << bits | capped
        }
        put(epoch, bits: 8)
        put(release[0], bits: 20)
        put(release.count > 1 ? release[1] : 0, bits: 18)
        put(release.count > 2 ? release[2] : 0, bits: 18)
        return head
    }

    func hasSameRelease(as other: PythonVersion) -> Bool {
        guard head == other.head, epoch == other.epoch else { return false }
        for index in 0..<max(release.count, other.release.count)
        where releaseNumber(index) != other.releaseNumber(index) {
            return false
        }
        return true
    }
}

extension PythonVersion: Comparable, Hashable {
    public static func == (a: PythonVersion, b: PythonVersion) -> Bool {
        a.hasSameRelease(as: b) && a.pre == b.pre && a.post == b.post && a.dev == b.dev
            && a.localSegments == b.localSegments
    }

    public static func < (a: PythonVersion, b: PythonVersion) -> Bool {
        if a.head != b.head { return a.head < b.head }
        return a.order(against: b) < 0
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(head)
        hasher.combine(pre)
        hasher.combine(post)
        hasher.combine(dev)
        hasher.combine(localSegments)
    }

    /// Negative, zero or positive; PEP 440, "Summary of permitted suffixes and relative ordering".
    private func order(against other: PythonVersion) -> Int {
        func sign<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : a == b ? 0 : 1 }
        var order = sign(epoch, other.epoch)
        if order != 0 { return order }
        for index in 0..<max(release.count, other.release.count) {
            order = sign(releaseNumber(index), other.releaseNumber(index))
            if order != 0 { return order }
        }
        order = sign(preRank, other.preRank)
        if order == 0 { order = sign(pre?.number ?? 0, other.pre?.number ?? 0) }
        if order == 0 { order = sign(post ?? -1, other.post ?? -1) }
        if order != 0 { return order }
        // A development release comes before what it leads to.
        if (dev == nil) != (other.dev == nil) { return dev == nil ? 1 : -1 }
        order = sign(dev ?? 0, other.dev ?? 0)
        if order != 0 { return order }
        for (mine, theirs) in zip(localSegments, other.localSegments) where mine != theirs {
            return mine < theirs ? -1 : 1
        }
        return sign(localSegments.count, other.localSegments.count)
    }

    /// `1.0.dev1` comes before `1.0a1`; a final or post release after all pre-releases.
    private var preRank: Int {
        if let pre { return pre.phase.rawValue }
        return post == nil && dev != nil ? -1 : 3
    }
}

extension PythonVersion: CustomStringConvertible {
    /// The normalised spelling.
    public var description: String {
        var text = epoch == 0 ? "" : "\(epoch)!"
        for (index, number) in release.enumerated() { text += index == 0 ? "\(number)" : ".\(number)" }
        if let pre { text += "\(pre.phase.letters)\(pre.number)" }
        if let post { text += ".post\(post)" }
        if let dev { text += ".dev\(dev)" }
        if let local { text += "+\(local)" }
        return text
    }
}
