/// Reads the bytes of one version literal (CEP 33) and writes its key.
struct CondaVersionScanner {
    /// In lower case, dashes as underscores.
    private let bytes: [UInt8]
    private var epoch: Range<Int>?
    private var main: Range<Int>
    private var local: Range<Int>?

    init(_ text: some StringProtocol) throws(CondaError) {
        func refuse(_ reason: String) -> CondaError { CondaError(.version, text, reason) }
        var bytes = text.utf8.map(\.lowered)
        bytes = Array(bytes[...].trimmed)
        guard !bytes.isEmpty else { throw refuse("it is empty") }
        guard bytes.count <= CondaVersionKey.longestVersion else {
            throw refuse(
                "it has \(bytes.count) characters; CEP 26 allows 64, and at most "
                    + "\(CondaVersionKey.longestVersion) are read")
        }
        var dashes = false
        var underscores = false
        var bang: Int?
        var plus: Int?
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."):
                break
            case UInt8(ascii: "_"): underscores = true
            case UInt8(ascii: "-"):
                dashes = true
                bytes[index] = UInt8(ascii: "_")
            case UInt8(ascii: "!"):
                guard bang == nil, plus == nil else {
                    throw refuse("a '!' ends the epoch, and stands once, before any '+'")
                }
                bang = index
            case UInt8(ascii: "+"):
                guard plus == nil else { throw refuse("a '+' begins the local part, and stands once") }
                plus = index
            default: throw refuse("only letters, digits and any of . _ - + ! may stand in it (CEP 33)")
            }
        }
        guard !dashes || !underscores else { throw refuse("it has both '-' and '_' between its parts") }
        epoch = bang.map { 0..<$0 }
        local = plus.map { ($0 + 1)..<bytes.count }
        main = (bang.map { $0 + 1 } ?? 0)..<(plus ?? bytes.count)
        self.bytes = bytes
        if let epoch, epoch.isEmpty || !bytes[epoch].allSatisfy(\.isDigit) {
            throw refuse("the epoch before '!' is no number")
        }
        guard !main.isEmpty else { throw refuse("nothing stands before the local part") }
        guard segments(of: main, isMain: true).allSatisfy({ !$0.isEmpty }),
            local.map({ segments(of: $0, isMain: false).allSatisfy { !$0.isEmpty } }) ?? true
        else { throw refuse("something is missing between, before or after its separators") }
    }

    func key() -> [UInt8] {
        var key = CondaVersionKey()
        write(main, isMain: true, to: &key)
        if let local { write(local, isMain: false, to: &key) }
        key.endPart()
        return key.bytes
    }

    /// The bounds of all versions that begin with this one, or with this one less its last segment.
    /// - Returns: nil where no segment is left.
    func bounds(droppingLast: Bool) -> (lower: [UInt8], upper: [UInt8])? {
        var lower = CondaVersionKey()
        let part: Range<Int>
        if let local {
            write(main, isMain: true, to: &lower)
            part = local
        } else {
            writeEpoch(to: &lower)
            part = main
        }
        var segments = segments(of: part, isMain: local == nil)
        if droppingLast { segments.removeLast() }
        guard let last = segments.popLast() else { return nil }
        for segment in segments { writeSegment(segment, to: &lower) }
        let runs = runs(of: last)
        for run in runs.dropLast() { writeRun(run, to: &lower) }
        var upper = lower
        let final = runs[runs.count - 1]
        writeRun(final, to: &lower)
        lower.lowest()
        if Self.isWord(final) {
            upper.highest(Self.word(final))
        } else {
            writeRun(final, to: &upper)
            upper.highest()
        }
        return (lower.bytes, upper.bytes)
    }

    /// The text without its last segment, for a message; nil where no segment is left.
    func textWithoutLast() -> String? {
        let part = local ?? main
        guard let last = segments(of: part, isMain: local == nil).last, last.startIndex > part.lowerBound
        else {
            return nil
        }
        return bytes[..<(last.startIndex - 1)].text
    }
}

extension CondaVersionScanner {
    /// An underscore at the very end belongs to the last segment: `1.0.1_` comes before `1.0.1a`.
    private func segments(of part: Range<Int>, isMain: Bool) -> [ArraySlice<UInt8>] {
        var segments: [ArraySlice<UInt8>] = []
        let endsOpen = isMain && part.last.map { bytes[$0] == UInt8(ascii: "_") } ?? false
        let limit = endsOpen ? part.upperBound - 1 : part.upperBound
        var start = part.lowerBound
        for index in part.lowerBound..<limit
        where bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: "_") {
            segments.append(bytes[start..<index])
            start = index + 1
        }
        segments.append(bytes[start..<part.upperBound])
        return segments
    }

    /// Digits and others in turn; an empty run, which is the number 0, before a word that begins the segment.
    private func runs(of segment: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var runs: [ArraySlice<UInt8>] = []
        var rest = segment
        if let first = rest.first, !first.isDigit { runs.append(rest.prefix(0)) }
        while let first = rest.first {
            let run = rest.prefix { $0.isDigit == first.isDigit }
            runs.append(run)
            rest = rest[run.endIndex...]
        }
        return runs
    }

    private static func isWord(_ run: ArraySlice<UInt8>) -> Bool {
        guard let first = run.first, !first.isDigit else { return false }
        return !run.elementsEqual("post".utf8)
    }

    private static func word(_ run: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        run.elementsEqual("dev".utf8) ? Array("DEV".utf8)[...] : run
    }

    private func writeEpoch(to key: inout CondaVersionKey) {
        if let epoch { writeSegment(bytes[epoch], to: &key) } else { key.endSegment() }
    }

    private func write(_ part: Range<Int>, isMain: Bool, to key: inout CondaVersionKey) {
        if isMain { writeEpoch(to: &key) }
        for segment in segments(of: part, isMain: isMain) { writeSegment(segment, to: &key) }
        if isMain { key.endPart() }
    }

    private func writeSegment(_ segment: ArraySlice<UInt8>, to key: inout CondaVersionKey) {
        for run in runs(of: segment) { writeRun(run, to: &key) }
        key.endSegment()
    }

    private func writeRun(_ run: ArraySlice<UInt8>, to key: inout CondaVersionKey) {
        if let first = run.first, !first.isDigit {
            if Self.isWord(run) { key.word(Self.word(run)) } else { key.postRelease() }
            return
        }
        let digits = run.drop { $0 == UInt8(ascii: "0") }
        if digits.isEmpty { key.zero() } else { key.number(digits) }
    }
}
