import Conda
import Testing

@testable import Resolve

@Suite("Dependencies of a conda package in a lock")
struct CondaDependenciesTests {
    @Test(
        "are the name and what follows it",
        arguments: [
            ("zlib", "zlib", ""), ("__glibc >=2.17,<3.0.a0", "__glibc", ">=2.17,<3.0.a0"),
            ("python_abi 3.10.* *_cp310", "python_abi", "3.10.* *_cp310"), ("python=3.10", "python", "=3.10"),
            ("_libgcc_mutex ==0.1 conda_forge", "_libgcc_mutex", "==0.1 conda_forge"),
            ("zlib>=1,<2", "zlib", ">=1,<2"), ("a[build='h1_*']", "a", "[build='h1_*']"),
            ("Zlib 1.3", "zlib", "1.3"), ("forge::zlib >=1.3", "zlib", ">=1.3[channel='forge']"),
        ])
    func single(text: String, name: String, rest: String) throws {
        #expect(try CondaDependencies.mapping([text]) == [name: rest])
    }

    @Test(
        "of one name are joined",
        arguments: [
            (
                ["python >=3.8", "python <3.12"],
                [("3.8", true), ("3.7", false), ("3.11.2", true), ("3.12", false)]
            ),
            (["python >=3.8|2.7.*", "python !=3.9.1"], [("2.7.1", true), ("3.9.1", false), ("3.0", false)]),
            (["python", "python >=3.8"], [("3.8", true), ("3.7", false)]),
        ])
    func joined(texts: [String], versions: [(String, Bool)]) throws {
        let mapping = try CondaDependencies.mapping(texts)
        let spec = try MatchSpec(name: "python", rest: #require(mapping["python"]))
        for (version, isMet) in versions {
            #expect(spec.matches(toyRecord("python \(version) h_0")) == isMet, "\(mapping) \(version)")
        }
    }

    @Test("of one name keep the build that one of them asks for")
    func builds() throws {
        #expect(
            try CondaDependencies.mapping(["python >=3.11,<3.12.0a0", "python >=3.11,<3.12.0a0 *_cpython"])
                == ["python": ">=3.11,<3.12.0a0 *_cpython"])
        #expect(
            try CondaDependencies.mapping(["python", "python 3.13.* *_cp313"]) == ["python": "3.13.* *_cp313"]
        )
        #expect(throws: CondaError.self) { try CondaDependencies.mapping(["blas * openblas", "blas * mkl"]) }
    }

    @Test("of every entry mean what the package says, read with a space between name and rest")
    func meaning() throws {
        let entries = [
            "zlib", "zlib >=1.2.13,<2.0a0", "zlib=1.2", "zlib ==1.2.13 h1_5", "zlib 1.2.13=h1_5",
            "zlib[version='>=1.2']",
            "forge::zlib 1.2.*", "zlib[build_number='>3']",
        ]
        var records = [
            toyRecord("zlib 1.2.13 h1_5"), toyRecord("zlib 1.3.1 h1_2"), toyRecord("zlib 2.0 h1_5"),
        ]
        records.append(records[0])
        records[3].channel = "https://mirror.example/other"
        for entry in entries {
            let rest = try #require(CondaDependencies.mapping([entry])["zlib"])
            let again = try MatchSpec(name: "zlib", rest: rest)
            let spec = try MatchSpec(entry)
            #expect(records.map(spec.matches) == records.map(again.matches), "\(entry)")
        }
    }

    @Test("that are none are refused", arguments: ["", "zlib >=1,(", "z* >=1"])
    func refused(text: String) {
        #expect(throws: CondaError.self) { try CondaDependencies.mapping([text]) }
    }
}
