/// Reads the grammar of SPDX 2.3, Annex D. Operators stand in capitals, or, as SPDX 3.0 and PEP 639 allow, in
/// small letters.
struct SPDXExpressionParser {
    /// Bytes of a text, and parentheses in each other: no package needs more, and a hostile one gets no more.
    private static let longestText = 16_384
    private static let deepestNesting = 64

    private let text: String
    private let tokens: [Substring]
    private var position = 0

    init(_ text: String) throws(SPDXExpressionError) {
        self.text = text
        guard text.utf8.count <= Self.longestText else {
            throw SPDXExpressionError(text: text, reason: "it is longer than \(Self.longestText) bytes")
        }
        tokens = Self.split(text)
    }

    mutating func parse() throws(SPDXExpressionError) -> SPDXExpression {
        guard !tokens.isEmpty else { throw fault("it is empty") }
        let expression = try alternatives(depth: 0)
        guard let rest = current else { return expression }
        throw fault(
            rest == ")"
                ? "a parenthesis is closed that was not opened"
                : "'\(rest)' follows a licence without AND or OR")
    }

    /// compound-expression "OR" compound-expression
    private mutating func alternatives(depth: Int) throws(SPDXExpressionError) -> SPDXExpression {
        var parts = [try conjunction(depth: depth)]
        while take("OR", "or") { parts.append(try conjunction(depth: depth)) }
        return .joined(parts, all: false)
    }

    /// compound-expression "AND" compound-expression
    private mutating func conjunction(depth: Int) throws(SPDXExpressionError) -> SPDXExpression {
        var parts = [try operand(depth: depth)]
        while take("AND", "and") { parts.append(try operand(depth: depth)) }
        return .joined(parts, all: true)
    }

    private mutating func operand(depth: Int) throws(SPDXExpressionError) -> SPDXExpression {
        guard take("(") else { return .license(try license()) }
        guard depth < Self.deepestNesting else {
            throw fault("its parentheses are nested deeper than \(Self.deepestNesting)")
        }
        let inner = try alternatives(depth: depth + 1)
        guard take(")") else { throw fault("a parenthesis is not closed") }
        return inner
    }

    /// simple-expression, or simple-expression "WITH" license-exception-id
    private mutating func license() throws(SPDXExpressionError) -> SPDXExpression.License {
        guard let token = current, token != ")", !Self.operators.contains(token) else {
            throw fault("a licence is missing \(current.map { "before '\($0)'" } ?? "at its end")")
        }
        position += 1
        var license = try identified(token)
        guard take("WITH", "with") else { return license }
        guard let name = current, name != "(", name != ")", !Self.operators.contains(name) else {
            throw fault("an exception is missing after WITH")
        }
        guard let exception = SPDXLicenseList.exception(name) else {
            throw fault("'\(name)' is no exception of the SPDX list \(SPDXLicenseList.version)")
        }
        position += 1
        license.exception = exception
        return license
    }

    private func identified(_ token: Substring) throws(SPDXExpressionError) -> SPDXExpression.License {
        let colon = token.utf8.firstIndex(of: UInt8(ascii: ":"))
        let name = colon.map { token[token.utf8.index(after: $0)...] } ?? token
        if let reference = Self.reference("LicenseRef-", name) {
            let document = colon.flatMap { Self.reference("DocumentRef-", token[..<$0]) }
            guard colon == nil || document != nil else {
                throw fault("'\(token)' has no DocumentRef- before its colon")
            }
            return SPDXExpression.License(identifier: reference, document: document)
        }
        let orLater = token.utf8.last == UInt8(ascii: "+")
        guard let identifier = SPDXLicenseList.license(orLater ? token.dropLast() : token) else {
            throw fault("'\(token)' is no licence of the SPDX list \(SPDXLicenseList.version)")
        }
        return SPDXExpression.License(identifier: identifier, orLater: orLater)
    }

    /// The prefix in any case of letters and then an idstring: letters, digits, '-' and '.'.
    private static func reference(_ prefix: String, _ text: Substring) -> String? {
        guard text.utf8.count > prefix.utf8.count,
            text.prefix(prefix.count).lowercased() == prefix.lowercased()
        else { return nil }
        let rest = text.dropFirst(prefix.count)
        let isIdentifier = rest.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isIdentifier ? prefix + rest : nil
    }

    private static let operators: Set<Substring> = ["AND", "and", "OR", "or", "WITH", "with"]

    private var current: Substring? { position < tokens.count ? tokens[position] : nil }

    private mutating func take(_ spellings: Substring...) -> Bool {
        guard let current, spellings.contains(current) else { return false }
        position += 1
        return true
    }

    private func fault(_ reason: String) -> SPDXExpressionError {
        SPDXExpressionError(text: text, reason: reason)
    }

    /// Parentheses, and what stands between them and white space.
    private static func split(_ text: String) -> [Substring] {
        var tokens: [Substring] = []
        var start = text.startIndex
        func word(to end: String.Index) { if start < end { tokens.append(text[start..<end]) } }
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if character == "(" || character == ")" {
                word(to: index)
                tokens.append(text[index..<next])
                start = next
            } else if character == " " || character == "\t" || character == "\n" || character == "\r\n"
                || character == "\r"
            {
                word(to: index)
                start = next
            }
            index = next
        }
        word(to: text.endIndex)
        return tokens
    }
}
