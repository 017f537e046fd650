/// Reads the bytes of one PEP 440 version, appendix B of the PEP, in one pass.
struct VersionScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private let end: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var end = bytes.count
        while start < end, bytes[start].isSpace { start += 1 }
        while end > start, bytes[end - 1].isSpace { end -= 1 }
        self.bytes = bytes
        self.end = end
        position = start
    }

    /// nil unless all of the bytes are one version.
    mutating func version() -> PythonVersion? {
        if position < end, bytes[position].lowered == UInt8(ascii: "v") { position += 1 }
        guard var first = number() else { return nil }
        var epoch = 0
        if take(UInt8(ascii: "!")) {
            epoch = first
            guard let number = number() else { return nil }
            first = number
        }
        var release = [first]
        while position + 1 < end, bytes[position] == UInt8(ascii: "."), bytes[position + 1].isDigit {
            position += 1
            guard let next = number() else { return nil }
            release.append(next)
        }
        guard let pre = labelled(Self.prereleases), let post = postRelease(),
            let dev = labelled(Self.developments), let local = localLabel(), position == end
        else { return nil }
        return PythonVersion(
            epoch: epoch, release: release,
            pre: pre.map { .init(phase: Self.phases[$0.label], number: $0.number) },
            post: post.map(\.number), dev: dev.map(\.number), local: local)
    }

    /// Longer words before their prefixes.
    private static let prereleases: [StaticString] = ["alpha", "a", "beta", "b", "preview", "pre", "rc", "c"]
    private static let phases: [PythonVersion.Phase] = [
        .alpha, .alpha, .beta, .beta, .candidate, .candidate, .candidate, .candidate,
    ]
    private static let posts: [StaticString] = ["post", "rev", "r"]
    private static let developments: [StaticString] = ["dev"]

    private typealias Labelled = (label: Int, number: Int)

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// nil where there is no digit or the number does not fit.
    private mutating func number() -> Int? {
        guard position < end, bytes[position].isDigit else { return nil }
        var value = 0
        while position < end, bytes[position].isDigit {
            let (product, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, over) = product.addingReportingOverflow(Int(bytes[position] - 0x30))
            if high || over { return nil }
            value = sum
            position += 1
        }
        return value
    }

    private func isSeparator(_ index: Int) -> Bool {
        guard index < end else { return false }
        let byte = bytes[index]
        return byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private func matches(_ word: StaticString, at index: Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard index + count <= end else { return false }
        for offset in 0..<count where bytes[index + offset].lowered != word.utf8Start[offset] { return false }
        return true
    }

    /// `[-_.]? word [-_.]? number?`: `.some(nil)` where the word is not next, nil where it is malformed.
    private mutating func labelled(_ words: [StaticString]) -> Labelled?? {
        guard position < end else { return .some(nil) }
        let start = isSeparator(position) ? position + 1 : position
        for (index, word) in words.enumerated() where matches(word, at: start) {
            position = start + word.utf8CodeUnitCount
            // The separator of a next part is optional, so this one may be taken without looking on.
            if isSeparator(position) { position += 1 }
            guard position < end, bytes[position].isDigit else { return .some((index, 0)) }
            guard let number = number() else { return nil }
            return .some((index, number))
        }
        return .some(nil)
    }

    private mutating func postRelease() -> Labelled?? {
        if position + 1 < end, bytes[position] == UInt8(ascii: "-"), bytes[position + 1].isDigit {
            position += 1
            guard let number = number() else { return nil }
            return .some((0, number))
        }
        return labelled(Self.posts)
    }

    private mutating func localLabel() -> [LocalSegment]? {
        guard take(UInt8(ascii: "+")) else { return [] }
        var segments: [LocalSegment] = []
        while true {
            let start = position
            while position < end, bytes[position].isAlphanumeric { position += 1 }
            if start == position { return nil }
            segments.append(LocalSegment(bytes[start..<position]))
            if position == end { return segments }
            guard isSeparator(position) else { return nil }
            position += 1
        }
    }
}
