import Testing

@testable import Audit

/// "All the components are percent-encoded", the package URL specification has it.
@Suite struct PackageURLTests {
    @Test(arguments: [
        (
            PackageURL.wheel(
                name: "Torch", version: "2.1+cu118", filename: "torch-2.1+cu118-py3-none-any.whl"),
            "pkg:pypi/torch@2.1%2Bcu118?file_name=torch-2.1%2Bcu118-py3-none-any.whl"
        ),
        (
            PackageURL.conda(
                name: "odd-name", version: "1!2.0", build: "0", channel: "./channel", subdir: "noarch",
                filename: "odd-name-1!2.0-0.tar.bz2"),
            "pkg:conda/odd-name@1%212.0?build=0&channel=channel&subdir=noarch&type=tar.bz2"
        ),
        (
            PackageURL.conda(
                name: "six", version: "1.16", build: nil, channel: nil, subdir: nil, filename: "six.conda"),
            "pkg:conda/six@1.16?type=conda"
        ),
        (
            PackageURL(type: "deb", namespace: ["debian"], name: "libattr1", version: "1:2.5.1-4"),
            "pkg:deb/debian/libattr1@1:2.5.1-4"
        ),
        (
            PackageURL(type: "generic", name: "größe \"x\"/y?#@%", version: "1\n2"),
            "pkg:generic/gr%C3%B6%C3%9Fe%20%22x%22%2Fy%3F%23%40%25@1%0A2"
        ),
        (PackageURL(type: "generic", name: "bare", version: ""), "pkg:generic/bare"),
    ])
    func itIsWrittenInItsCanonicalForm(package: PackageURL, text: String) {
        #expect(package.description == text)
    }

    @Test(arguments: [
        ("https://index.test/a.whl", "https://index.test/a.whl"),
        ("https://user:pass@index.test/t/secret/forge/a.conda", "https://index.test/forge/a.conda"),
        (
            "https://index.test/a b\"<ö>%zz%20.whl?q=[1]#sha#2",
            "https://index.test/a%20b%22%3C%C3%B6%3E%25zz%20.whl?q=%5B1%5D#sha%232"
        ),
        ("HTTPS://index.test/a", "HTTPS://index.test/a"),
        ("file:///srv/wheels/a.whl", nil), ("wheels/a.whl", nil), ("https://", nil), ("https:///a", nil),
        ("https://in dex.test/a", nil), ("", nil),
    ])
    func addressesAreOnesThatEverybodyReads(location: String, expected: String?) {
        #expect(WebAddress.download(location) == expected)
    }

    @Test(arguments: [
        ("https://index.test/a", true), ("https://a-b.c.example:8443/a", true),
        ("https://artifactory/a", false),
        ("http://127.0.0.1:3141/a", false), ("http://[::1]/a", false), ("https://a..test/a", false),
        ("https://a--b.test/a", false),
    ])
    func hostsWithoutADottedNameAreKnown(url: String, expected: Bool) {
        #expect(WebAddress.hasQualifiedHost(url) == expected)
    }
}
