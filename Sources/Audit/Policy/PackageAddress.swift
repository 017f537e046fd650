import Lock

/// Where an archive came from, as policies compare it: without credentials, scheme and host in small letters.
struct PackageAddress {
    private let url: String?
    private let channel: String?

    init(url: String?, channel: String?) {
        self.url = url.map(Self.canonical)
        self.channel = channel.map(Self.canonical)
    }

    /// A file beside the spec, or made while cutting: no upstream published it.
    var isOfTheProject: Bool {
        guard channel == nil else { return false }
        guard let url else { return true }
        return !url.contains("://") && !url.hasPrefix("/")
    }

    var words: String { channel ?? url ?? "the machine that cut the bundle" }

    /// Whether `allowed` is the channel: a URL or path that it is or lies below, its host, or its name (the
    /// last component). The archive itself must lie below the channel.
    func isOfChannel(_ allowed: String) -> Bool {
        guard let channel else { return isOfIndex(allowed) }
        if let url, !Self.lies(url, below: channel) { return false }
        return Self.matches(allowed, channel) || Self.name(of: channel) == allowed
    }

    /// Whether `allowed` is a URL or path that the archive lies below, or its host.
    func isOfIndex(_ allowed: String) -> Bool { url.map { Self.matches(allowed, $0) } ?? false }

    private static func matches(_ allowed: String, _ address: String) -> Bool {
        let allowed = canonical(allowed)
        guard allowed.contains("://") || allowed.contains("/") else {
            return host(of: address).map {
                $0 == allowed.lowercased() || $0.hasPrefix(allowed.lowercased() + ":")
            }
                ?? (address == allowed)
        }
        return lies(address, below: allowed)
    }

    /// By whole components. An address that climbs is nowhere.
    private static func lies(_ address: String, below base: String) -> Bool {
        guard !climbs(address) else { return false }
        return address == base || address.hasPrefix(base + "/")
    }

    private static func climbs(_ address: String) -> Bool {
        address.split { $0 == "/" || $0 == "\\" }.contains { component in
            let plain = component.lowercased().replacing("%2e", with: ".")
            return plain == ".." || plain == "."
        }
    }

    /// `host` or `host:port` of a URL.
    private static func host(of address: String) -> String? {
        guard let scheme = address.firstRange(of: "://") else { return nil }
        return String(address[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }

    private static func name(of channel: String) -> String? {
        guard !climbs(channel), let last = channel.split(separator: "/").last else { return nil }
        return String(last)
    }

    private static func canonical(_ text: String) -> String {
        var text = CleanLocation.of(text)
        while text.utf8.count > 1, text.hasSuffix("/") { text.removeLast() }
        guard let scheme = text.firstRange(of: "://") else { return text }
        let end = text[scheme.upperBound...].firstIndex { $0 == "/" } ?? text.endIndex
        return text[..<end].lowercased() + text[end...]
    }
}
