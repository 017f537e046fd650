import Testing

@testable import Wheels

@Suite("What METADATA says of the licence")
struct StatedLicenseTests {
    private func stated(_ lines: String...) throws -> String? {
        let text =
            (["Metadata-Version: 2.4", "Name: demo", "Version: 1"] + lines).joined(separator: "\n") + "\n"
        return try CoreMetadata(Array(text.utf8)).statedLicense.map { "\($0.source): \($0.text)" }
    }

    /// "Tools ... MUST use License-Expression" where it is there (PEP 639).
    @Test("is License-Expression, then License, then the classifiers")
    func order() throws {
        let classifier = "Classifier: License :: OSI Approved :: MIT License"
        #expect(try stated("License-Expression: ISC", "License: MIT", classifier) == "expression: ISC")
        #expect(try stated("License: BSD", classifier) == "text: BSD")
        #expect(try stated(classifier) == "classifiers: MIT License")
        #expect(
            try stated(classifier, "Classifier: License :: Public Domain", "Classifier: Topic :: Utilities")
                == "classifiers: MIT License; Public Domain")
        #expect(try stated("Classifier: License :: OSI Approved") == "classifiers: OSI Approved")
        #expect(try stated("Classifier: Licensed") == nil)
        #expect(try stated() == nil)
    }

    @Test("is not what says nothing, nor a whole licence")
    func nothing() throws {
        let classifier = "Classifier: License :: OSI Approved :: MIT License"
        for license in [
            "UNKNOWN", "unknown", "None", "", "MIT License\n        Permission is hereby …",
            String(repeating: "x", count: 201),
        ] {
            #expect(try stated("License: \(license)") == nil, "\(license)")
            #expect(try stated("License: \(license)", classifier) == "classifiers: MIT License")
        }
        #expect(try stated("License: " + String(repeating: "x", count: 200)) != nil)
    }
}

@Suite("The upload time of an index")
struct UploadTimeTests {
    private func released(_ time: String) throws -> String? {
        let json = """
            {"meta": {"api-version": "1.1"}, "name": "demo", "files": [{"filename": "demo-1-py3-none-any.whl", \
            "url": "demo-1-py3-none-any.whl", "hashes": {}, "upload-time": "\(time)"}]}
            """
        let page = try SimpleIndexPage(json: Array(json.utf8), url: "https://index.example/demo/")
        return try #require(page.files.first).released
    }

    /// "a valid ISO 8601 date string in the format yyyy-mm-ddThh:mm:ss.ffffffZ" (PEP 700).
    @Test(
        "is taken in whole seconds of UTC, and nothing else",
        arguments: [
            ("2023-09-30T14:36:10.961942Z", "2023-09-30T14:36:10Z"),
            ("2023-09-30T14:36:10Z", "2023-09-30T14:36:10Z"),
            ("2023-09-30T14:36:10", nil), ("2023-09-30T14:36:10+02:00", nil), ("2023-09-30 14:36:10Z", nil),
            ("2023-09-30", nil), ("", nil), ("yesterday at noon, ZZZZZ", nil),
            ("2023-09-30T14:36:10.9x1942Z", nil),
            ("２023-09-30T14:36:10Z", nil), ("2023-09-30T14:36:10,5Z", nil),
        ] as [(String, String?)])
    func uploadTimes(_ time: String, _ expected: String?) throws {
        #expect(try released(time) == expected)
    }
}
