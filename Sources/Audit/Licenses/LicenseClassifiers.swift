/// The trove classifiers that name exactly one licence.
///
/// PEP 639 forbids to infer an expression from the others, such as `BSD License` and
/// `Apache Software License`, whose versions are unknown.
enum LicenseClassifiers {
    /// - Parameter text: the classifiers, each without `License ::`, joined by `; `.
    /// - Returns: nil where one is not exact, and where there are several: whether both apply or one may be
    ///   chosen is nowhere said.
    static func expression(_ text: String) -> SPDXExpression? {
        let names = text.split(separator: ";").map { trimmed($0) }
        let known = Set(names.filter { $0 != "OSI Approved" && $0 != "DFSG approved" && !$0.isEmpty })
        guard known.count == 1, let name = known.first else { return nil }
        return exact[name].flatMap { try? SPDXExpression($0) }
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        for prefix in ["License :: ", "OSI Approved :: "] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        return String(rest)
    }

    static let exact: [String: String] = [
        "Attribution Assurance License": "AAL",
        "Blue Oak Model License (BlueOak-1.0.0)": "BlueOak-1.0.0",
        "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
        "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
        "CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)": "CECILL-2.1",
        "CMU License (MIT-CMU)": "MIT-CMU",
        "CeCILL-B Free Software License Agreement (CECILL-B)": "CECILL-B",
        "CeCILL-C Free Software License Agreement (CECILL-C)": "CECILL-C",
        "Common Development and Distribution License 1.0 (CDDL-1.0)": "CDDL-1.0",
        "Eclipse Public License 1.0 (EPL-1.0)": "EPL-1.0",
        "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
        "Educational Community License, Version 2.0 (ECL-2.0)": "ECL-2.0",
        "European Union Public Licence 1.0 (EUPL 1.0)": "EUPL-1.0",
        "European Union Public Licence 1.1 (EUPL 1.1)": "EUPL-1.1",
        "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
        "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
        "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
        "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
        "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
        "Historical Permission Notice and Disclaimer (HPND)": "HPND",
        "ISC License (ISCL)": "ISC",
        "MIT License": "MIT",
        "MIT No Attribution License (MIT-0)": "MIT-0",
        "MirOS License (MirOS)": "MirOS",
        "Mozilla Public License 1.0 (MPL)": "MPL-1.0",
        "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
        "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
        "Mulan Permissive Software License v2 (MulanPSL-2.0)": "MulanPSL-2.0",
        "NASA Open Source Agreement v1.3 (NASA-1.3)": "NASA-1.3",
        "Open Software License 3.0 (OSL-3.0)": "OSL-3.0",
        "PostgreSQL License": "PostgreSQL",
        "Python License (CNRI Python License)": "CNRI-Python",
        "Python Software Foundation License": "PSF-2.0",
        "SIL Open Font License 1.1 (OFL-1.1)": "OFL-1.1",
        "Sleepycat License": "Sleepycat",
        "The Unlicense (Unlicense)": "Unlicense",
        "University of Illinois/NCSA Open Source License": "NCSA",
        "Vovida Software License 1.0": "VSL-1.0",
        "Zero-Clause BSD (0BSD)": "0BSD",
        "zlib/libpng License": "Zlib",
    ]
}
