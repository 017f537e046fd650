import TestSupport
import Testing

@testable import Audit

@Suite("Free text about a licence")
struct NormalizingTests {
    @Test(
        "that names one exactly is its expression",
        arguments: [
            ("MIT", "MIT"), ("MIT License", "MIT"), ("The MIT License (MIT)", "MIT"), ("mit license", "MIT"),
            ("Expat License", "MIT"), ("BSD 3-Clause", "BSD-3-Clause"), ("BSD-3-Clause", "BSD-3-Clause"),
            ("3-Clause BSD License", "BSD-3-Clause"),
            ("BSD 3-clause \"New\" or \"Revised\" License", "BSD-3-Clause"),
            ("New BSD License", "BSD-3-Clause"), ("Modified BSD License", "BSD-3-Clause"),
            ("BSD 2-Clause License", "BSD-2-Clause"), ("Simplified BSD", "BSD-2-Clause"),
            ("Apache 2.0", "Apache-2.0"), ("Apache-2.0", "Apache-2.0"), ("Apache 2", "Apache-2.0"),
            ("Apache License 2.0", "Apache-2.0"), ("Apache License, Version 2.0", "Apache-2.0"),
            ("Apache Software License 2.0", "Apache-2.0"), ("Apache License v2.0", "Apache-2.0"),
            ("Apache Software License, version 2.0", "Apache-2.0"), ("ASL 2.0", "Apache-2.0"),
            ("MPL 2.0", "MPL-2.0"), ("MPL-2.0", "MPL-2.0"),
            ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
            ("MPLv2", "MPL-2.0"), ("PSF-2.0", "PSF-2.0"), ("PSF", "PSF-2.0"),
            ("Python Software Foundation License", "PSF-2.0"), ("Python-2.0", "Python-2.0"),
            ("ISC License (ISCL)", "ISC"), ("ISC", "ISC"), ("zlib/libpng", "Zlib"), ("Zlib", "Zlib"),
            ("Unlicense", "Unlicense"), ("The Unlicense (Unlicense)", "Unlicense"),
            ("CC0 1.0 Universal", "CC0-1.0"), ("Public Domain", "LicenseRef-Public-Domain"),
            ("LicenseRef-Public-Domain", "LicenseRef-Public-Domain"), ("TCL", "TCL"),
            ("GPL-3.0-only WITH GCC-exception-3.1", "GPL-3.0-only WITH GCC-exception-3.1"),
            ("LGPL-2.1", "LGPL-2.1"), ("GPL v2+", "GPL-2.0-or-later"), ("GPLv3+", "GPL-3.0-or-later"),
            ("GPLv2 or later", "GPL-2.0-or-later"), ("GPL-2.0-or-later", "GPL-2.0-or-later"),
            ("GNU GPL version 3 or later", "GPL-3.0-or-later"), ("LGPLv3+", "LGPL-3.0-or-later"),
            ("GNU Lesser General Public License v2.1 or later", "LGPL-2.1-or-later"),
            ("GPL v2 only", "GPL-2.0-only"), ("AGPLv3+", "AGPL-3.0-or-later"),
            ("MIT OR Apache-2.0", "MIT OR Apache-2.0"), ("MPL-2.0 or MIT", "MPL-2.0 OR MIT"),
            ("LGPL-2.1 and GPL-2.0", "LGPL-2.1 AND GPL-2.0"),
            ("Apache 2.0 or BSD 2-Clause", "Apache-2.0 OR BSD-2-Clause"),
            ("MIT License and BSD 3-Clause", "MIT AND BSD-3-Clause"),
            ("Apache 2.0 and MIT or ISC", "Apache-2.0 AND MIT OR ISC"),
            ("Boost Software License 1.0", "BSL-1.0"), ("Eclipse Public License 2.0", "EPL-2.0"),
            ("bzip2-1.0.6", "bzip2-1.0.6"), ("X11 AND BSD-3-Clause", "X11 AND BSD-3-Clause"),
        ])
    func exact(_ text: String, _ expression: String) {
        #expect(SPDXExpression.normalizing(text)?.description == expression)
    }

    /// An auditor who reads an identifier must be able to rely on it.
    @Test(
        "that leaves anything open is none",
        arguments: [
            "BSD", "BSD License", "BSD-like", "LGPL", "GPL", "GPLv2", "GPLv3", "GPL 3", "LGPLv2", "LGPLv2+",
            "GNU General Public License", "Apache", "Apache License", "Apache Software License", "MPL",
            "Artistic", "Artistic License", "Zope", "ZPL", "EPL", "MIT/X11", "MIT/Apache-2.0", "MIT, BSD",
            "MIT and BSD", "MIT or something else", "Dual License", "Proprietary", "Commercial", "Other",
            "Custom", "see LICENSE", "LICENSE.txt", "https://opensource.org/licenses/MIT", "", " ", "UNKNOWN",
            "None", "or", "and", "MIT or", "Free", "Freeware", "OSI Approved", "CC BY", "Creative Commons",
            "LGPL-2.0-or-later AND LGPL-2.0-or-later WITH exceptions AND GPL-2.0-or-later AND MPL-2.0",
            "not MIT", "MIT-style", "Modified MIT License", "MIT\u{0}", "МIT",
            "Apache License, Version 2.0 with modifications", "BSD 3-Clause Clear", "BSD 4",
        ])
    func open(_ text: String) {
        #expect(SPDXExpression.normalizing(text) == nil)
    }

    @Test("that is a whole licence is no name of one")
    func whole() {
        #expect(
            SPDXExpression.normalizing("MIT License\n\n" + String(repeating: "Permission is … ", count: 99))
                == nil)
    }

    @Test("law: an expression normalises to itself")
    func idempotent() throws {
        var made = RandomExpressions(seed: 7)
        for _ in 0..<300 {
            let expression = try SPDXExpression(made.text())
            guard expression.description.utf8.count <= 512 else { continue }
            #expect(SPDXExpression.normalizing(expression.description) == expression)
        }
    }
}

@Suite("A statement about a licence")
struct LicenseStatementTests {
    private func expression(_ text: String?, _ source: String?) -> String? {
        LicenseStatement(text: text, source: source).expression?.description
    }

    @Test("is read by where it stands")
    func sources() {
        #expect(expression("MIT License", "text") == "MIT")
        #expect(expression("MIT License", "conda") == "MIT")
        #expect(expression("MIT License", nil) == "MIT")
        // License-Expression is an expression or nothing.
        #expect(expression("MIT License", "expression") == nil)
        #expect(expression("mit", "expression") == "MIT")
        #expect(expression(nil, nil) == nil)
        #expect(LicenseStatement(text: "MIT", source: "hearsay").source == nil)
        #expect(LicenseStatement(text: "MIT License", source: "classifiers").isFromClassifiers)
        #expect(!LicenseStatement(text: "MIT License", source: "text").isFromClassifiers)
    }

    /// "Tools MUST NOT attempt to automatically infer a License-Expression when one of these classifiers is used"
    /// (PEP 639, appendix).
    @Test(
        "of classifiers counts where it is the only one and exact",
        arguments: [
            ("MIT License", "MIT"), ("License :: OSI Approved :: MIT License", "MIT"),
            ("OSI Approved; MIT License", "MIT"), ("MIT License; MIT License", "MIT"),
            ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
            ("CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)", "CECILL-2.1"),
            ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
            ("Python Software Foundation License", "PSF-2.0"), ("zlib/libpng License", "Zlib"),
            ("BSD License", nil), ("Apache Software License", nil), ("OSI Approved", nil),
            ("GNU General Public License v3 (GPLv3)", nil), ("Public Domain", nil),
            ("GNU Lesser General Public License v2 or later (LGPLv2+)", nil),
            ("GNU Library or Lesser General Public License (LGPL)", nil), ("Artistic License", nil),
            ("Academic Free License (AFL)", nil), ("Zope Public License", nil),
            ("MIT License; Mozilla Public License 2.0 (MPL 2.0)", nil), ("BSD License; MIT License", nil),
            ("Other/Proprietary License", nil), ("", nil), ("MIT", nil),
        ] as [(String, String?)])
    func classifiers(_ text: String, _ exact: String?) {
        #expect(expression(text, "classifiers") == exact)
    }

    @Test("every exact classifier names an expression")
    func table() {
        for (name, text) in LicenseClassifiers.exact {
            #expect(throws: Never.self, "\(name)") { try SPDXExpression(text) }
        }
        #expect(LicenseClassifiers.exact.count > 30)
    }
}
