import Digests

extension SimpleIndexPage {
    /// Reads PEP 503 HTML with the attributes of PEP 592, 658 and 714. Links that lead to no distribution
    /// file are passed over.
    public init(html bytes: [UInt8], url: String) throws(WheelError) {
        func refusal(_ reason: String) -> WheelError { WheelError(.indexPage, url, reason) }
        var base = URLReference(url)
        var entries: [IndexEntry] = []
        var links = 0
        var declared = false
        var opened = false
        var closed = false
        var tokenizer = HTMLTokenizer(bytes)
        while let tag = tokenizer.nextTag() {
            switch tag.name {
            case "html": opened = true
            case "/html": closed = true
            case "meta" where tag.attributes["name"] == "pypi:repository-version":
                declared = true
                try Self.check(apiVersion: tag.attributes["content"] ?? "", url: url)
            case "base":
                if let href = tag.attributes["href"] { base = base.resolving(URLReference(trimmed(href))) }
            case "a":
                guard let href = tag.attributes["href"] else { continue }
                links += 1
                if let entry = Self.entry(String(trimmed(href)), tag.attributes) { entries.append(entry) }
            default: continue
            }
        }
        if tokenizer.endedInside || opened && !closed { throw refusal("it is cut short") }
        if entries.isEmpty, !declared {
            throw refusal(
                links == 0
                    ? "it has no links and does not say that it is a page of an index"
                    : "none of its \(links) links leads to a distribution file, and it does not say that it is a page of an index"
            )
        }
        self.init(entries, notes: [], page: base)
    }

    /// What the name of a distribution file ends with, of today and of old.
    private static let endings = [
        ".whl", ".tar.gz", ".zip", ".tar.bz2", ".egg", ".tgz", ".exe", ".tar.xz", ".tar.z", ".tar", ".msi",
        ".rpm", ".deb", ".dmg",
    ]

    private static func entry(_ href: String, _ attributes: [String: String]) -> IndexEntry? {
        guard let filename = URLReference(href).filename.map(asciiLowered),
            endings.contains(where: { filename.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) })
        else { return nil }
        var entry = IndexEntry(reference: href)
        entry.requiresPython = attributes["data-requires-python"]
        entry.yanked = attributes["data-yanked"]
        if let offer = attributes["data-core-metadata"] ?? attributes["data-dist-info-metadata"],
            asciiLowered(offer) != "false"
        {
            let digest = offer.utf8.starts(with: "sha256=".utf8) ? SHA256Digest(hex: offer.dropFirst(7)) : nil
            entry.coreMetadata = .init(sha256: digest)
        }
        return entry
    }
}
