/// Which identifiers the SPDX licence list has, in any case of letters, and what became of its deprecated ones.
public enum SPDXLicenseList {
    /// The list's version.
    public static var version: String { SPDXListData.version }

    /// The spelling of the list, or nil for what it does not have.
    public static func license(_ text: some StringProtocol) -> String? { licenses[text.lowercased()] }

    /// The spelling of the list, or nil for what it does not have.
    public static func exception(_ text: some StringProtocol) -> String? { exceptions[text.lowercased()] }

    /// Whether the list keeps the identifier for old documents only.
    public static func isDeprecated(_ identifier: String) -> Bool { deprecated.contains(identifier) }

    /// Every identifier of a licence, in the list's spelling, sorted.
    public static var allLicenses: [String] { licenses.values.sorted() }

    /// Every identifier of an exception, in the list's spelling, sorted.
    public static var allExceptions: [String] { exceptions.values.sorted() }

    private static let licenses = table(SPDXListData.licenses, SPDXListData.deprecatedLicenses)
    private static let exceptions = table(SPDXListData.exceptions, SPDXListData.deprecatedExceptions)
    private static let deprecated = Set(
        words(SPDXListData.deprecatedLicenses) + words(SPDXListData.deprecatedExceptions))

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    private static func table(_ texts: String...) -> [String: String] {
        Dictionary(texts.flatMap(words).map { ($0.lowercased(), $0) }) { first, _ in first }
    }

    /// What the list names in place of deprecated identifiers. The families with `-only` and `-or-later` are
    /// not here: they follow from the name.
    static let replacements: [String: String] = [
        "BSD-2-Clause-FreeBSD": "BSD-2-Clause-Views",
        "BSD-2-Clause-NetBSD": "BSD-2-Clause",
        "bzip2-1.0.5": "bzip2-1.0.6",
        "eCos-2.0": "GPL-2.0-or-later WITH eCos-exception-2.0",
        "GPL-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
        "GPL-2.0-with-bison-exception": "GPL-2.0-only WITH Bison-exception-2.2",
        "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
        "GPL-2.0-with-GCC-exception": "GPL-2.0-only WITH GCC-exception-2.0",
        "GPL-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
        "GPL-3.0-with-GCC-exception": "GPL-3.0-only WITH GCC-exception-3.1",
        "StandardML-NJ": "SMLNJ",
        "wxWindows": "LGPL-2.0-or-later WITH WxWindows-exception-3.1",
    ]

    /// The families of the Free Software Foundation, whose bare identifiers are deprecated.
    static let families = ["AGPL-", "GFDL-", "GPL-", "LGPL-"]
}
