extension CoreMetadata {
    /// What the file says about the licence and where: License-Expression (PEP 639), then License, and only
    /// where both are missing the trove classifiers, without `License ::` and joined by `; `.
    ///
    /// A License of several lines is the licence's text, not its name, and counts as missing.
    public var statedLicense: (text: String, source: String)? {
        if let licenseExpression, !licenseExpression.isEmpty { return (licenseExpression, "expression") }
        if let license, !license.isEmpty, !Self.saysNothing(license), license.utf8.count <= Self.longestName,
            !license.utf8.contains(0x0a)
        {
            return (license, "text")
        }
        let names = classifiers.compactMap { classifier -> String? in
            let parts = classifier.split(separator: " :: ", omittingEmptySubsequences: false)
            guard parts.count > 1, parts[0] == "License" else { return nil }
            return parts[1] == "OSI Approved" && parts.count > 2
                ? parts[2...].joined(separator: " :: ") : parts[1...].joined(separator: " :: ")
        }
        return names.isEmpty ? nil : (names.joined(separator: "; "), "classifiers")
    }

    /// Bytes.
    private static let longestName = 200

    /// What old tools write where nothing was given.
    private static func saysNothing(_ text: String) -> Bool {
        ["unknown", "none", "n/a", "-"].contains(asciiLowered(text))
    }
}
