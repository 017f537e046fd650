/// The names by which people call licences, as words in small letters.
enum LicenseNames {
    /// The expression for a whole name, or nil.
    static func expression(_ words: ArraySlice<String>) -> String? {
        let plain = words.filter { !ignored.contains($0) }.map { $0 == "licence" ? "license" : $0 }
        let key = plain.map(withoutVersionPrefix).joined(separator: " ")
        let short = plain.filter { $0 != "license" }.map(withoutVersionPrefix).joined(separator: " ")
        return names[key] ?? names[short] ?? family(short)
    }

    /// `2`, `2.0`, `v2`, `v2.0`
    static func isVersion(_ word: String) -> Bool {
        let digits = word.hasPrefix("v") ? word.dropFirst() : word[...]
        return digits.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    }

    private static let ignored: Set<String> = ["the", "version", "ver", "ver.", "v", "v."]

    private static func withoutVersionPrefix(_ word: String) -> String {
        word.hasPrefix("v") && isVersion(word) ? String(word.dropFirst()) : word
    }

    /// The licences of the Free Software Foundation, where the text says "only" or "or later" (or `+`).
    private static func family(_ text: String) -> String? {
        for (suffix, ending) in [
            (" or later", "-or-later"), (" or newer", "-or-later"), (" or any later", "-or-later"),
            ("-or-later", "-or-later"), ("+", "-or-later"), (" only", "-only"), ("-only", "-only"),
        ] where text.hasSuffix(suffix) {
            guard let base = versioned[String(text.dropLast(suffix.count))] else { continue }
            return base + ending
        }
        return nil
    }

    private static let versioned: [String: String] = {
        let called: [String: [String]] = [
            "AGPL": ["agpl", "gnu agpl", "gnu affero general public", "affero gpl"],
            "GPL": ["gpl", "gnu gpl", "gnu general public", "general public"],
            "LGPL": [
                "lgpl", "gnu lgpl", "gnu lesser general public", "lesser general public",
                "gnu library general public",
            ],
        ]
        var table: [String: String] = [:]
        for (family, versions) in [
            ("AGPL", [("3", "3.0")]), ("GPL", [("1", "1.0"), ("2", "2.0"), ("3", "3.0")]),
            // "LGPL v2" is either 2.0 or 2.1.
            ("LGPL", [("2.0", "2.0"), ("2.1", "2.1"), ("3", "3.0")]),
        ] {
            for (short, full) in versions {
                for name in called[family] ?? [] {
                    for version in Set([short, full]) {
                        for joint in [" ", "-", "", "v", " v", "-v"] {
                            table[name + joint + version] = "\(family)-\(full)"
                        }
                    }
                }
            }
        }
        return table
    }()

    private static let names: [String: String] = {
        var table: [String: String] = [:]
        for (expression, spellings) in spellings {
            for spelling in spellings { table[spelling] = expression }
        }
        return table
    }()

    /// Without "the", "version" and "license".
    private static let spellings: [String: [String]] = [
        "0BSD": ["0-clause bsd", "bsd 0-clause", "zero-clause bsd"],
        "Apache-2.0": [
            "apache 2.0", "apache 2", "apache2", "apache2.0", "apache-2", "apache software 2.0",
            "apache software 2", "apache public 2.0", "apache 2.0 apache-2.0", "asl 2.0", "asl 2", "asl2",
            "apache license-2.0", "apache-2.0 license", "apache license-2", "apache-v2", "apache-v2.0",
        ],
        "Artistic-2.0": ["artistic 2.0", "artistic 2"],
        "BSD-2-Clause": [
            "bsd 2-clause", "2-clause bsd", "bsd 2 clause", "bsd-2", "bsd2", "2 clause bsd", "bsd 2",
            "simplified bsd", "bsd simplified", "bsd two-clause", "two-clause bsd", "bsd-2 clause",
            "bsd 2-clause simplified", "2-clause simplified bsd",
        ],
        "BSD-3-Clause": [
            "bsd 3-clause", "3-clause bsd", "bsd 3 clause", "bsd-3", "bsd3", "3 clause bsd", "bsd 3",
            "new bsd", "bsd new", "modified bsd", "revised bsd", "bsd three-clause", "three-clause bsd",
            "new-style bsd", "bsd-3 clause", "bsd 3-clause new", "bsd 3-clause new or revised",
            "new or revised bsd",
        ],
        "BSL-1.0": [
            "boost software 1.0", "boost 1.0", "boost software bsl1.0", "boost software 1.0 bsl-1.0",
        ],
        "CC-BY-4.0": ["cc by 4.0", "cc-by 4.0", "creative commons attribution 4.0 international"],
        "CC0-1.0": [
            "cc0", "cc0 1.0", "cc0 1.0 universal", "cc0 1.0 universal cc0 1.0 public domain dedication",
        ],
        "EPL-1.0": ["epl 1.0", "eclipse public 1.0"],
        "EPL-2.0": ["epl 2.0", "epl 2", "eclipse public 2.0"],
        "HPND": [
            "historical permission notice and disclaimer", "historical permission notice and disclaimer hpnd",
        ],
        "ISC": ["isc", "iscl", "isc iscl"],
        "LicenseRef-Public-Domain": ["public domain", "public-domain"],
        "MIT": ["mit", "mit mit", "expat", "mit expat", "expat mit", "mit-license"],
        "MIT-0": ["mit no attribution", "mit no attribution mit-0"],
        "MPL-1.1": ["mpl 1.1", "mozilla public 1.1"],
        "MPL-2.0": [
            "mpl 2.0", "mpl 2", "mpl2", "mpl2.0", "mplv2", "mplv2.0", "mpl-2", "mozilla public 2.0",
            "mozilla public 2.0 mpl 2.0", "mozilla public 2.0 mpl-2.0",
        ],
        "NCSA": ["university of illinois/ncsa open source", "ncsa"],
        "OFL-1.1": ["ofl 1.1", "sil open font 1.1", "sil ofl 1.1"],
        "PSF-2.0": [
            "psf", "psfl", "psf 2.0", "psf 2", "python software foundation", "python software foundation 2",
            "python software foundation 2.0",
        ],
        "PostgreSQL": ["postgresql"],
        "Unlicense": ["unlicense", "unlicense unlicense"],
        "Vim": ["vim"],
        "WTFPL": ["wtfpl"],
        "Zlib": ["zlib", "zlib/libpng"],
        "ZPL-2.1": ["zpl 2.1", "zope public 2.1"],
        "bzip2-1.0.6": ["bzip2 1.0.6"],
    ]
}
