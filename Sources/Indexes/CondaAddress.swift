import Conda
import Fetch
import Wheels

/// An address with what is secret in it and without.
///
/// Secret are user name and password, and the token of a conda channel (`/t/TOKEN/`). What is recorded, compared
/// and shown is the clean form; only requests are made with the other.
struct CondaAddress: Hashable, Sendable {
    /// Without a trailing `/`.
    let clean: String
    let secret: String

    init(_ address: String) {
        secret = withoutTrailingSlashes(address)
        clean = withoutTrailingSlashes(withoutCondaCredentials(address))
    }

    func appending(_ name: String) -> CondaAddress { CondaAddress(secret + "/" + name) }

    /// What `reference` means in a document at this address (RFC 3986).
    func resolving(_ reference: String) -> CondaAddress {
        CondaAddress(URLReference(secret).resolving(URLReference(reference)).description)
    }

    var isLocal: Bool { URLReference(secret).scheme == "file" }
}

/// An address as records, locks and manifests state it: without user name, password and the token of a conda channel
/// (`/t/TOKEN/`).
public func withoutCondaCredentials(_ address: String) -> String {
    let bare = withoutCredentials(address)
    var url = URLReference(bare)
    guard let scheme = url.scheme, ["http", "https"].contains(scheme) else { return bare }
    var segments = url.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let marker = segments.firstIndex(where: { $0.elementsEqual("t".utf8) }), marker > 0,
        marker + 1 < segments.count, !segments[marker + 1].isEmpty
    else { return bare }
    segments.removeSubrange(marker...(marker + 1))
    url.path = segments.map { String(Substring($0)) }.joined(separator: "/")
    return url.description
}

/// Scheme, host and port of an address, and its user name and password as they stand there.
struct CondaOrigin: Hashable {
    let origin: String
    let credentials: String?

    init?(_ address: String) {
        let url = URLReference(address)
        guard let scheme = url.scheme, let authority = url.authority else { return nil }
        let at = authority.utf8.lastIndex(of: UInt8(ascii: "@"))
        let host = at.map { authority[authority.utf8.index(after: $0)...] } ?? authority[...]
        origin = scheme + "://" + host.lowercased()
        credentials = at.map { String(authority[..<$0]) }
    }
}
