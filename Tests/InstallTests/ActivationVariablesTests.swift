import Failures
import TestSupport
import Testing

@testable import Install

/// The variables of `etc/conda/env_vars.d` and `conda-meta/state`.
@Suite struct ActivationVariablesTests {
    private func read(_ files: [String: String], state: String? = nil) throws -> [String: String?] {
        let toy = ToyCondaPrefix()
        try toy.put("bin/x", "")
        for (name, text) in files { try toy.put("etc/conda/env_vars.d/\(name)", text) }
        if let state { try toy.put("conda-meta/state", state) }
        let found = try ActivationVariables.read(.open(toy.path)).variables
        return Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.value) })
    }

    @Test func `later files win over earlier ones, and the state over all`() throws {
        let found = try read(
            [
                "a.json": #"{"X": "a", "Y": "a", "Z": "a"}"#, "b.json": #"{"Y": "b", "Z": "b"}"#,
                "readme": "no json",
            ],
            state: #"{"version": 1, "other": [{}], "env_vars": {"Z": "state"}}"#)
        #expect(found == ["X": "a", "Y": "b", "Z": "state"])
    }

    @Test func `the state can keep a package from setting something`() throws {
        #expect(
            try read(["a.json": #"{"X": "a", "Y": "a"}"#], state: #"{"env_vars": {"X": "***unset***"}}"#) == [
                "Y": "a"
            ])
    }

    @Test func `names are capitals, and values are what Python would write`() throws {
        #expect(
            try read(["a.json": #"{"low_er": "x", "N": 12, "T": true, "F": false, "NONE": null, "E": ""}"#])
                == [
                    "LOW_ER": "x", "N": "12", "T": "True", "F": "False", "NONE": nil, "E": "",
                ])
    }

    @Test func `nothing is nothing`() throws {
        #expect(try read([:]) == [:])
        #expect(try read([:], state: #"{"version": 1}"#) == [:])
    }

    @Test(arguments: [
        #"{"A B": "x"}"#, #"{"x;touch /tmp/y": "x"}"#, #"{"": "x"}"#, #"{"1X": "x"}"#, #"{"ÄX": "x"}"#,
        #"{"PATH": "/evil"}"#,
        #"{"conda_prefix": "/evil"}"#, #"{"X": "a\u0000b"}"#, #"{"X": {}}"#, #"{"X": ["a"]}"#, "", "{", "[]",
        #"{"X": "a"} x"#,
        "{\"X\": \"\u{1}\"}",
    ])
    func `what no shell can set is refused, with its file`(text: String) throws {
        let error = failure { _ = try read(["good.json": #"{"X": "a"}"#, "bad.json": text]) }
        #expect(error?.kind == .damaged)
        #expect(error?.description.contains("etc/conda/env_vars.d/bad.json") == true)
        #expect(
            failure { _ = try read([:], state: #"{"env_vars": \#(text.isEmpty ? "" : text)}"#) }?.kind
                == .damaged)
    }

    @Test func `bytes that are no text are refused`() throws {
        var variables = ActivationVariables()
        let error = failure {
            try variables.add(Array(#"{"X": ""#.utf8) + [0xff] + Array("\"}".utf8), of: "a.json")
        }
        #expect(error?.kind == .damaged)
    }
}
