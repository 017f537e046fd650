extension MatchSpec: CustomStringConvertible {
    /// The canonical text as conda writes it (CEP 29, appendix A), which reads as the same spec: exact and fuzzy
    /// versions, exact builds and channels outside of the brackets, everything else within. A channel is written
    /// as it was given, since its name alone does not say where it is.
    public var description: String {
        var text = ""
        var keys: [String] = []
        func key(_ name: String, _ value: String?, quoted: Bool = false) {
            guard let value else { return }
            keys.append("\(name)=\(Self.quoted(value, always: quoted))")
        }
        if let channel = channel?.exactText {
            text = channel + (subdir?.exactText.map { "/\($0)" } ?? "") + "::"
            if subdir?.exactText == nil { key("subdir", subdir?.text) }
        } else {
            key("channel", channel?.text)
            key("subdir", subdir?.text)
        }
        text += name.text
        switch version.root {
        case .clause(.anything): break
        case .clause(.equal(let version)): text += "==\(version)"
        case .clause(.within(let prefix)): text += "=\(prefix.text)"
        default: key("version", version.description, quoted: true)
        }
        if version.exactVersion != nil, let build = build?.exactText {
            text += "=\(build)"
        } else {
            key("build", build?.text)
        }
        key("build_number", buildNumber?.description)
        key("track_features", trackFeatures?.joined(separator: " "))
        key("features", features?.joined(separator: " "))
        key("url", url?.text)
        key("md5", md5?.text)
        key("sha256", sha256?.text)
        key("license", license?.text)
        key("license_family", licenseFamily?.text)
        key("fn", filename?.text)
        if !extras.isEmpty { keys.append("extras=[\(extras.joined(separator: ","))]") }
        if !flags.isEmpty { keys.append("flags=[\(flags.map(\.text).joined(separator: ","))]") }
        key("when", condition?.description, quoted: true)
        if isOptional { keys.append("optional=True") }
        key("target", target)
        return keys.isEmpty ? text : "\(text)[\(keys.joined(separator: ","))]"
    }

    private static func quoted(_ value: String, always: Bool) -> String {
        let special = ", =[]'\"<>|"
        guard
            always || value.isEmpty || value.utf8.contains(where: { special.utf8.contains($0) || $0.isSpace })
        else {
            return value
        }
        let quote = UInt8(ascii: value.contains("'") && !value.contains("\"") ? "\"" : "'")
        var text = [quote]
        let bytes = Array(value.utf8)
        for (index, byte) in bytes.enumerated() {
            let isBeforeSpecial = index + 1 == bytes.count || "\\'\"".utf8.contains(bytes[index + 1])
            if byte == quote || byte == UInt8(ascii: "\\") && isBeforeSpecial {
                text.append(UInt8(ascii: "\\"))
            }
            text.append(byte)
        }
        return String(decoding: text + [quote], as: UTF8.self)
    }
}
