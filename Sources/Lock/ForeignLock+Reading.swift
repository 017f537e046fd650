import Failures
import Wheels
import Yams

extension ForeignLock {
    /// Reads a lock of any of the formats; which one it is, its content tells.
    /// - Parameter file: how errors name it.
    /// - Throws: all problems at once, each a ``LockError`` with its line; versions that are not read are of kind
    ///   `.refused`.
    public static func read(_ bytes: [UInt8], file: String) throws(FailureList) -> ForeignLock {
        do {
            if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
                throw LockError(file: file, reason: "it is UTF-16; save it as UTF-8")
            }
            // A byte order mark is no part of the text.
            let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw LockError(file: file, reason: "it is not UTF-8")
            }
            let lines = Self.lines(of: text)
            if lines.contains("@EXPLICIT") { return try ForeignExplicit.read(lines, file: file) }
            guard let line = lines.firstIndex(where: { !$0.isEmpty && $0.utf8.first != UInt8(ascii: "#") })
            else { throw LockError(file: file, reason: "it is empty") }
            if lines[line].contains("://"), !lines[line].contains(" ") {
                throw LockError(
                    file: file, line: line + 1,
                    reason:
                        "it lists addresses, but no line of it is @EXPLICIT (CEP 23); add one if it is the list "
                        + "of an environment")
            }
            return try document(try YAMLReader.root(bytes, file: file), file: file)
        } catch let error as LockError {
            throw FailureList([
                LockError(
                    file: file, line: error.line, reason: ForeignAddress.sentence(error.reason),
                    kind: error.kind)
            ])
        } catch let list as FailureList {
            throw list
        } catch {
            throw FailureList([LockError(file: file, reason: "it cannot be read: \(error)")])
        }
    }

    /// The lines without white space at their ends, and without carriage returns.
    private static func lines(of text: String) -> [Substring] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            var line = line
            while let last = line.last, last == 0x20 || last &- 0x09 < 5 { line.removeLast() }
            while let first = line.first, first == 0x20 || first &- 0x09 < 5 { line.removeFirst() }
            return Substring(line)
        }
    }

    private static func document(_ root: Node, file: String) throws -> ForeignLock {
        guard case .mapping(let top) = root else {
            throw LockError(
                file: file,
                reason:
                    "it is none of the locks that are read: a pixi.lock, a conda-lock.yml, or a list with a line "
                    + "@EXPLICIT")
        }
        let version = top["version"]
        let number = version?.int
        if let version, number == nil || version.tag != Tag(.int) {
            throw LockError(
                file: file, line: version.line, reason: "version must be a number, not \(version.found)")
        }
        func refusal(_ reason: String) -> LockError {
            LockError(file: file, line: version?.line ?? 1, reason: reason, kind: .refused)
        }
        if top["environments"] != nil, top["packages"] != nil {
            guard let number else {
                throw LockError(file: file, line: 1, reason: "the pixi.lock has no version")
            }
            if ForeignPixi.versions.contains(number) {
                return try ForeignPixi.read(root, version: number, file: file)
            }
            throw refusal(
                number > ForeignPixi.versions.upperBound
                    ? "it is a pixi.lock of version \(number), and versions 4 to 7 are read; lock again with a pixi that "
                        + "writes one of these, or use a newer airlift"
                    : "it is a pixi.lock of version \(number), and versions 4 to 7 are read; lock again with a newer pixi"
            )
        }
        if top["package"] != nil || top["metadata"] != nil {
            switch number ?? 1 {
            case 1: return try ForeignCondaLock.read(root, file: file)
            case 2, 3:
                throw refusal(
                    "it is a pixi.lock of version \(number ?? 0), and versions 4 to 7 are read; lock again with a newer "
                        + "pixi")
            case let other:
                throw refusal(
                    "it is a conda-lock.yml of version \(other), and only version 1 (CEP 37) is read; lock again with a "
                        + "tool that writes it")
            }
        }
        if top["dependencies"] != nil {
            throw refusal(
                "it names what is wished for (dependencies), not the packages that were chosen; lock it first, and name "
                    + "the lock")
        }
        throw LockError(
            file: file, line: root.line,
            reason: "it is none of the locks that are read: a pixi.lock has environments and packages, a "
                + "conda-lock.yml metadata and package, a list a line @EXPLICIT")
    }
}
