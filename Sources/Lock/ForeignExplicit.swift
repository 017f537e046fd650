import Digests
import Failures
import Wheels

/// The steps of reading an `@EXPLICIT` list (CEP 23): one address of an archive on each line.
///
/// Lines `# pip name @ address` are conda-lock's: it gives them to pip after conda is done.
struct ForeignExplicit {
    private let file: String
    private var problems: [LockError] = []
    private var platform: String?
    private var entries: [ForeignLock.Entry] = []

    static func read(_ lines: [Substring], file: String) throws(FailureList) -> ForeignLock {
        var steps = ForeignExplicit(file: file)
        for (index, line) in lines.enumerated() { steps.take(line, number: index + 1) }
        if !steps.problems.isEmpty { throw FailureList(steps.problems) }
        return steps.lock
    }

    private init(file: String) { self.file = file }

    private var lock: ForeignLock {
        var subdirs: [String] = []
        for case .package(let package) in entries {
            if let subdir = package.subdir, subdir != "noarch", !subdirs.contains(subdir) {
                subdirs.append(subdir)
            }
        }
        let named = platform.map { [$0] } ?? subdirs
        return ForeignLock(
            format: .explicit, file: file,
            platforms: named.map { ForeignLock.Platform(name: $0, subdir: $0) }, environments: [],
            entries: entries)
    }

    private mutating func take(_ line: Substring, number: Int) {
        if line.isEmpty || line == "@EXPLICIT" { return }
        if line.utf8.first == UInt8(ascii: "#") {
            comment(line.dropFirst().drop { $0 == " " || $0 == "\t" }, number)
            return
        }
        guard line.utf8.first != UInt8(ascii: "@") else {
            fail(number, "'\(line.prefix(60))' is no word of this format; only @EXPLICIT is")
            return
        }
        let hash = line.utf8.lastIndex(of: UInt8(ascii: "#"))
        let address = String(line[..<(hash ?? line.endIndex)])
        var draft = ForeignDraft(.conda, at: address, line: number)
        draft.isExpanded = true
        guard ForeignDraft.isCondaArchive(address) || address.contains("://") || address.contains("/") else {
            fail(
                number,
                "'\(line.prefix(60))' is no address of a conda package; a list with @EXPLICIT names archives, not "
                    + "what is wished for")
            return
        }
        if let hash { digest(line[line.utf8.index(after: hash)...], &draft) }
        add(draft)
    }

    private mutating func comment(_ text: Substring, _ number: Int) {
        if text.hasPrefix("platform:") {
            let name = RequirementsFile.trim(text.dropFirst("platform:".count))
            if platform == nil, CondaPlatform.all.contains(name) { platform = name }
        } else if text.hasPrefix("pip ") {
            let words = text.dropFirst(4).split(separator: " ")
            guard words.count >= 3, words[1] == "@", words[2].contains("://"),
                (try? ProjectName(words[0])) != nil
            else { return }
            var draft = ForeignDraft(.wheel, at: String(words[2]), line: number)
            draft.name = String(words[0])
            draft.isExpanded = true
            for word in words.dropFirst(3) where word.hasPrefix("--hash=sha256:") {
                digest(word.dropFirst("--hash=".count), &draft)
            }
            add(draft)
        }
    }

    /// `sha256:` and 64 digits, 64 digits, or the 32 of an MD5.
    private mutating func digest(_ text: Substring, _ draft: inout ForeignDraft) {
        let digits = text.hasPrefix("sha256:") ? text.dropFirst("sha256:".count) : text
        if let sha256 = SHA256Digest(hex: digits) {
            draft.sha256 = sha256
        } else if digits.startIndex == text.startIndex, let bytes = Hex.decode(digits),
            bytes.count == MD5.byteCount
        {
            draft.md5 = Hex.encode(bytes)
        } else {
            fail(
                draft.line,
                "'#\(text.prefix(80))' is no digest: 32 hexadecimal digits (MD5), or 64 (SHA-256)")
        }
    }

    private mutating func add(_ draft: ForeignDraft) {
        do throws(ForeignDraft.Problems) { entries.append(try draft.entry()) } catch {
            for reason in error.reasons { fail(draft.line, reason) }
        }
    }

    private mutating func fail(_ line: Int, _ reason: String) {
        problems.append(LockError(file: file, line: line, reason: ForeignAddress.sentence(reason)))
    }
}
