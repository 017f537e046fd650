/// The path behind a `file` URL or a plain path; nil for an address of a server.
/// - Throws: `FetchError` for what is neither.
public func localPath(of address: String) throws(FetchError) -> String? {
    switch try Location(address) {
    case .file(let path): path
    case .remote: nil
    }
}

/// Where the bytes behind an address lie: on a server, or in a file of this machine.
enum Location: Hashable {
    case remote(url: String, host: String, isSecure: Bool)
    case file(path: String)

    /// Reads `http`, `https` and `file` URLs (RFC 3986, RFC 8089) and plain paths; any other scheme is refused.
    init(_ address: String) throws(FetchError) {
        guard let separator = address.firstRange(of: "://") else {
            guard !address.isEmpty, !address.utf8.contains(0) else {
                throw FetchError(address, .unsupportedAddress("it is no URL and no path"))
            }
            self = .file(path: address)
            return
        }
        let scheme = address[..<separator.lowerBound].lowercased()
        let rest = address[separator.upperBound...]
        switch scheme {
        case "http", "https":
            guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
                throw FetchError(address, .unsupportedAddress("it holds a space or a control character"))
            }
            let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            let host =
                authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
            guard !host.isEmpty else { throw FetchError(address, .unsupportedAddress("it names no host")) }
            self = .remote(
                url: String(address.prefix { $0 != "#" }), host: scheme + "://" + host.lowercased(),
                isSecure: scheme == "https")
        case "file":
            let path = rest.hasPrefix("localhost/") ? rest.dropFirst("localhost".count) : rest
            guard path.hasPrefix("/") else {
                throw FetchError(address, .unsupportedAddress("a file URL names no host but its own"))
            }
            guard let decoded = percentDecoded(path.prefix { $0 != "#" && $0 != "?" }) else {
                throw FetchError(address, .unsupportedAddress("its percent-encoding is malformed"))
            }
            self = .file(path: decoded)
        default:
            throw FetchError(
                address, .unsupportedAddress("only http, https and file URLs and paths are fetched"))
        }
    }
}

extension StringProtocol {
    /// Foundation's search is slow and not wanted here.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var position = startIndex
        while position < endIndex {
            if self[position...].hasPrefix(text) {
                return position..<index(position, offsetBy: text.count)
            }
            formIndex(after: &position)
        }
        return nil
    }
}

/// Undoes percent-encoding (RFC 3986 section 2.1); nil where it is malformed, gives a NUL or is not UTF-8.
func percentDecoded(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var iterator = text.utf8.makeIterator()
    while let byte = iterator.next() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = iterator.next().flatMap(hexValue), let low = iterator.next().flatMap(hexValue)
        else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
}

private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
