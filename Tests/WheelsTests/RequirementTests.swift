import Testing
import Wheels

@Suite("PEP 508 requirements")
struct RequirementTests {
    @Test(
        "are written in one way",
        arguments: [
            ("requests", "requests"),
            (
                "requests[security,socks]>=2.8.1,==2.8.*;python_version<'2.7'",
                #"requests[security,socks]==2.8.*,>=2.8.1; python_version < "2.7""#
            ),
            ("A.B-c (>=1,<2)", "A.B-c<2,>=1"), ("name[]", "name"), ("name>=1,", "name>=1"),
            ("name [ b , a ] ( >= 1 ) ; extra == 'Q_q'", #"name[a,b]>=1; extra == "q-q""#),
            ("pip @ https://x.test/p.zip#sha1=da9", "pip @ https://x.test/p.zip#sha1=da9"),
            ("name[x]@file:///a/b.whl", "name[x] @ file:///a/b.whl"),
            (
                "name @ git+https://x.test/a.git@v1;x ; python_version>'3'",
                #"name @ git+https://x.test/a.git@v1;x ; python_version > "3""#
            ),
            ("  name\t~= 1.4.2  ", "name~=1.4.2"), ("name===wild", "name===wild"),
        ])
    func canonical(written: String, canonical: String) throws {
        let requirement = try Requirement(written)
        #expect(requirement.description == canonical)
        #expect(try Requirement(canonical) == requirement)
    }

    @Test(
        "are refused",
        arguments: [
            "", "-name", "name-", "na me", "name[a", "name[a,]", "name[,a]", "name[a b]", "name(>=1",
            "name>=1)",
            "name 1.0", "name ==1.0 2", "name>=1<2", "name~=1", "name==1.*.*", "name @ ", "name @ http://x y",
            "name; ", "name;python_version", "name>=1;python_version>'3' foo", "name>=1 # c", "Ünicode",
            "name>=1\nother", "name\0", "name @ http://x\0y", "name>=1 ; python_version > '3\n'",
        ])
    func refuses(text: String) {
        #expect(reason { () throws(WheelError) in try Requirement(text) } != nil)
    }

    @Test func partsCanBeAsked() throws {
        let requirement = try Requirement("Flask[Async,async]>=3,<4; extra == 'x' and os_name == 'nt'")
        #expect(requirement.name.normalized == "flask" && requirement.extras.map(\.normalized) == ["async"])
        #expect(requirement.specifiers.contains(try version("3.1")) && requirement.url == nil)
        #expect(requirement.marker?.asksForExtra == true)
        #expect(try Requirement("flask[ASYNC]<4,>=3.0") == Requirement("Flask[async]>=3,<4"))
    }

    @Test func theSentenceSaysWhatIsWrong() {
        #expect(
            reason { () throws(WheelError) in try Requirement("name 1.0") }
                == "the requirement 'name 1.0' is refused: in its versions, the version specifier '1.0' is refused: it does not start with one of === ~= == != <= >= < >"
        )
    }
}
