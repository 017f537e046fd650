import Testing

/// Signatures of `Vector.message` for `airlift-bundle@v1`, made once with the `ssh-keygen -Y sign` of OpenSSH 9.2; those of
/// hardware keys, and the one with SHA-1 that ssh-keygen does not make, with Python's `cryptography`.
struct Vector: Sendable, CustomTestStringConvertible {
    let name: String
    /// A line of a `.pub` file.
    let publicKey: String
    /// As `ssh-keygen -l` prints it.
    let fingerprint: String
    let signature: String

    var testDescription: String { name }

    static let message = Array("the bytes of a manifest\n".utf8)

    /// All that are right, whatever a policy says to the untouched ones.
    static let all = [
        ed25519, ed25519OverSHA256, ecdsa256, ecdsa384, ecdsa521, rsa, rsaOverSHA256,
        securityEd25519Touched, securityEd25519Untouched, securityEd25519Verified,
        securityECDSATouched, securityECDSAUntouched, securityECDSAVerified,
    ]

    static let ed25519Key = """
        ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICgf35S8D4YQsJR5muKcEdMtB8wXOCxkNoHfWqiCJ+3H ed25519-256@example.org
        """

    static let ed25519 = Vector(
        name: "ed25519", publicKey: ed25519Key,
        fingerprint: "SHA256:ndsjnLvnzZZj5FgF1u3PC9ldRFinO7sYIXiQTCD0t4o",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgKB/flLwPhhCwlHma4pwR0y0HzB
            c4LGQ2gd9aqIIn7ccAAAARYWlybGlmdC1idW5kbGVAdjEAAAAAAAAABnNoYTUxMgAAAFMA
            AAALc3NoLWVkMjU1MTkAAABAAOT3m4hlU0s9m/Hh5F4tQjb1sZy7DicxIcgWIj5LwKck49
            uDTxZY/mlthfcRkFLsA0ov9X3ld3Or0xLC0lvzCw==
            -----END SSH SIGNATURE-----

            """)

    static let ed25519OverSHA256 = Vector(
        name: "ed25519OverSHA256", publicKey: ed25519Key,
        fingerprint: "SHA256:ndsjnLvnzZZj5FgF1u3PC9ldRFinO7sYIXiQTCD0t4o",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgKB/flLwPhhCwlHma4pwR0y0HzB
            c4LGQ2gd9aqIIn7ccAAAARYWlybGlmdC1idW5kbGVAdjEAAAAAAAAABnNoYTI1NgAAAFMA
            AAALc3NoLWVkMjU1MTkAAABAlhvrdLV5WYROtbzJCT16WGTFvfxs96QSyDoXBIVrnn+crm
            EUyPFaLWqWUTdfTEw+Tx0jmXTeNZyIhaOdXwOqDA==
            -----END SSH SIGNATURE-----

            """)

    static let ecdsa256Key = """
        ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBH3IdekOZwTHkcpM2P4PssCwHwXhOCosu+G2lc\
        ZBhIwAG+8yuiMLmkjrXbstNh+qVXNdVis0B8WzchSeA191LeY= ecdsa-256@example.org
        """

    static let ecdsa256 = Vector(
        name: "ecdsa256", publicKey: ecdsa256Key,
        fingerprint: "SHA256:uF1CMe1g1atfUH3iOi7zVNkWV3QKjcYKp39OSaX+7Gk",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
            EEfch16Q5nBMeRykzY/g+ywLAfBeE4Kiy74baVxkGEjAAb7zK6IwuaSOtduy02H6pVc11W
            KzQHxbNyFJ4DX3Ut5gAAABFhaXJsaWZ0LWJ1bmRsZUB2MQAAAAAAAAAGc2hhNTEyAAAAYw
            AAABNlY2RzYS1zaGEyLW5pc3RwMjU2AAAASAAAACBdtfRoiDAVcG7Hd18CVaXExUZ2tuBS
            h4we/a+vZJt+rQAAACA8k35xH9G9C/bv4GowdwEr498cqipuOxbKQJG8LA+nGw==
            -----END SSH SIGNATURE-----

            """)

    static let ecdsa384Key = """
        ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBDBxOLiYzP4PL53HOMdpSmgC5x8BkQVzNNN8en\
        V+YvhO5Et5qnO49gp8RQfVq1OiVoxegsgq2tF0q3BoqjZChQyauI3eGhGHGktpjD3B/h9RT/DiBAKWEwovxOAoQfyX\
        yA== ecdsa-384@example.org
        """

    static let ecdsa384 = Vector(
        name: "ecdsa384", publicKey: ecdsa384Key,
        fingerprint: "SHA256:XmxFXKBHMeHBWV6KTDFAwh2M+Ahxj1QV1Nncjkl8kM0",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAIgAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAAhuaXN0cDM4NAAAAG
            EEMHE4uJjM/g8vncc4x2lKaALnHwGRBXM003x6dX5i+E7kS3mqc7j2CnxFB9WrU6JWjF6C
            yCra0XSrcGiqNkKFDJq4jd4aEYcaS2mMPcH+H1FP8OIEApYTCi/E4ChB/JfIAAAAEWFpcm
            xpZnQtYnVuZGxlQHYxAAAAAAAAAAZzaGE1MTIAAACDAAAAE2VjZHNhLXNoYTItbmlzdHAz
            ODQAAABoAAAAMCOAwSi5UErYK4M6pIPiDkmXW7wSKAEy/lksbQrhsH5C6cyrO1xLrhxqbv
            B1SAimnAAAADB/u5QV4ARBXwLwkufmhwJP4GnryU65YUFfJ68/9y/oPTTmSsGZ9DclZbOA
            kf/HeaE=
            -----END SSH SIGNATURE-----

            """)

    static let ecdsa521Key = """
        ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAHiNh/Snpk3TOOpXWWNKCsxk/Njguw0J1HXms\
        nhPZE4wAS5sXfGqDSJGvwJR6UM7xE9wmaR/F4wZt4WgmBCek6LlgG2gCM0DS6+C5tcCNeC0FKg8HGKmqLYCk5IBbP0\
        FZvMlz1AHWRaw+h/+Tal6cc+WqdxWhSl0+yWwMyT80hDglNxXg== ecdsa-521@example.org
        """

    static let ecdsa521 = Vector(
        name: "ecdsa521", publicKey: ecdsa521Key,
        fingerprint: "SHA256:ciI+TBRCMOV9jZejxMxT43CYfRzRbI3h/Io3U/NPefc",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAKwAAAATZWNkc2Etc2hhMi1uaXN0cDUyMQAAAAhuaXN0cDUyMQAAAI
            UEAeI2H9KemTdM46ldZY0oKzGT82OC7DQnUdeayeE9kTjABLmxd8aoNIka/AlHpQzvET3C
            ZpH8XjBm3haCYEJ6TouWAbaAIzQNLr4Lm1wI14LQUqDwcYqaotgKTkgFs/QVm8yXPUAdZF
            rD6H/5NqXpxz5ap3FaFKXT7JbAzJPzSEOCU3FeAAAAEWFpcmxpZnQtYnVuZGxlQHYxAAAA
            AAAAAAZzaGE1MTIAAACnAAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAACMAAAAQgEFz733Qs
            r7VyqwttpvqKRYE+Z4OF7P5IxZGAjQ1zV5gTnwygArXMc8oAgxXo7NCszXeYcH8teNao+N
            +Ow2JEQ3NwAAAEIB6x3jZQ/F6E9sksDjvnvW3UI2rV7aUI+U6KVLXSAaa4LjGzJqmzglJz
            bSt6SlXEZauTGbcYnf/gLOWHdWDOAskjI=
            -----END SSH SIGNATURE-----

            """)

    static let rsaKey = """
        ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDhQnfD7FWQ245nrR7hyVFbc8x7Q8AKO8x9RNPW8f1fCq4c3E/Lu70CB53bws\
        MveCAhGWay4OrY+zFer23/nFmAwJPCWu1H7IeM+/+WiXLnUmqOArGq8Z5fl/hZllw+r6iDcyphBdSyQbTxGOe0pFjT\
        XgJkgTQagOTNgwnt0FfPQGfRquevRmTGcvq1UUEtSs1clEmMEu2jsiIhbUijLjR80oEM11cTxnTnMMNsWt7NKir7Ox\
        l70nKwlxETkZ2nSk2h06znZmuIigPjxVXDljK18/xFgSQFeuXdGoeJsHxrzYQOjjSYYbzSbjKHpXrvHsCl+5bwjR+J\
        6+6IXXJR+lID rsa-2048@example.org
        """

    static let rsa = Vector(
        name: "rsa", publicKey: rsaKey,
        fingerprint: "SHA256:LefxmcqnC5K/yYutCqDBMvjlyxb111O6LL/DnkRd/Uc",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBAOFCd8PsVZDbjmetHuHJUV
            tzzHtDwAo7zH1E09bx/V8KrhzcT8u7vQIHndvCwy94ICEZZrLg6tj7MV6vbf+cWYDAk8Ja
            7Ufsh4z7/5aJcudSao4Csarxnl+X+FmWXD6vqINzKmEF1LJBtPEY57SkWNNeAmSBNBqA5M
            2DCe3QV89AZ9Gq569GZMZy+rVRQS1KzVyUSYwS7aOyIiFtSKMuNHzSgQzXVxPGdOcww2xa
            3s0qKvs7GXvScrCXERORnadKTaHTrOdma4iKA+PFVcOWMrXz/EWBJAV65d0ah4mwfGvNhA
            6ONJhhvNJuMoeleu8ewKX7lvCNH4nr7ohdclH6UgMAAAARYWlybGlmdC1idW5kbGVAdjEA
            AAAAAAAABnNoYTUxMgAAARQAAAAMcnNhLXNoYTItNTEyAAABACymO0qHlBEJauQwlQs2Eg
            Mhx0H0P+PDZSUECmFk5ZDXRD6+voUAC9Fr1kTvR+7ZKTgzfZhthhMZMR778xF9v1S5XY7E
            pxmmR0Yba7LZ9V4ZMznPbm4ahrJ8TbZgYk7tDEjE8Q99chfJjhUxNozSOq0i9pb2KDO+U5
            mTyd07jE041ptBVbBZ0EHjlhRXbIKvU1fODfTYOjxXGqBnIPxqijUQhep6Q0D3DeIh7CMn
            rXA12+gZ9lHcrYHmZXuj3wM6luOLFw0FYSNb2c2/WSvokIG8Z/+znAto+SB98e5+Qvxzz1
            LOVqBUg9ooc3qp3sVKZmOS1iFMEXJNtzEp8L73wew=
            -----END SSH SIGNATURE-----

            """)

    static let rsaOverSHA256 = Vector(
        name: "rsaOverSHA256", publicKey: rsaKey,
        fingerprint: "SHA256:LefxmcqnC5K/yYutCqDBMvjlyxb111O6LL/DnkRd/Uc",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBAOFCd8PsVZDbjmetHuHJUV
            tzzHtDwAo7zH1E09bx/V8KrhzcT8u7vQIHndvCwy94ICEZZrLg6tj7MV6vbf+cWYDAk8Ja
            7Ufsh4z7/5aJcudSao4Csarxnl+X+FmWXD6vqINzKmEF1LJBtPEY57SkWNNeAmSBNBqA5M
            2DCe3QV89AZ9Gq569GZMZy+rVRQS1KzVyUSYwS7aOyIiFtSKMuNHzSgQzXVxPGdOcww2xa
            3s0qKvs7GXvScrCXERORnadKTaHTrOdma4iKA+PFVcOWMrXz/EWBJAV65d0ah4mwfGvNhA
            6ONJhhvNJuMoeleu8ewKX7lvCNH4nr7ohdclH6UgMAAAARYWlybGlmdC1idW5kbGVAdjEA
            AAAAAAAABnNoYTI1NgAAARQAAAAMcnNhLXNoYTItNTEyAAABACB4HrT4NOAmoXeESBW6cO
            K32mN7+0QSewZKz7+qcqpbnJZZGOqI8bpMyoJeuURxeB8HSkl06z2Tm26/ng0yzhk/fKWN
            E+kQoTgI7jiCViBAJopLXBwP7B3GJ18Ce1RU1gl2JWPoSkj+b9XP2f7pKIzdLPijUjVQrB
            0AwcQAN9tiGeeWtpuAdHbvRADk3gwqgbxOH/0MigPZuX1esn+DGnTZ/lPlGpf71toe97pX
            R51qipFsb0/lA9GFxL7edfze7ljVTU08ACgIXo649cZNCVJ0rFD5d6UxCapTYkRZRnW6jr
            Y0LNOqagX4bhMS8bBzlVfRbZhRjsVO92pIQBypoGw=
            -----END SSH SIGNATURE-----

            """)

    static let rsaWithSHA1 = Vector(
        name: "rsaWithSHA1", publicKey: rsaKey,
        fingerprint: "SHA256:LefxmcqnC5K/yYutCqDBMvjlyxb111O6LL/DnkRd/Uc",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBAOFCd8PsVZDbjmetHuHJUV
            tzzHtDwAo7zH1E09bx/V8KrhzcT8u7vQIHndvCwy94ICEZZrLg6tj7MV6vbf+cWYDAk8Ja
            7Ufsh4z7/5aJcudSao4Csarxnl+X+FmWXD6vqINzKmEF1LJBtPEY57SkWNNeAmSBNBqA5M
            2DCe3QV89AZ9Gq569GZMZy+rVRQS1KzVyUSYwS7aOyIiFtSKMuNHzSgQzXVxPGdOcww2xa
            3s0qKvs7GXvScrCXERORnadKTaHTrOdma4iKA+PFVcOWMrXz/EWBJAV65d0ah4mwfGvNhA
            6ONJhhvNJuMoeleu8ewKX7lvCNH4nr7ohdclH6UgMAAAARYWlybGlmdC1idW5kbGVAdjEA
            AAAAAAAABnNoYTUxMgAAAQ8AAAAHc3NoLXJzYQAAAQANKOEAh7YApzpMXjg7sLhNnslfcX
            xQkWySG+AkpALqBqMt3xFaa2iNyc95XVYHVF1dbkGJIu2ggUQILT8/BwgPt59KZc32SBzt
            UMJ1/eAXMb9Gbc+dfa19huJEXQWYlq4H3h2s//CHbvBPdcGPqOxWxHDpfi8Z+c8jrhUV/Z
            vs10Et1tcTn+vr+ep72NYeoyVE0doG1zxzuGiUySbQVdliHA2TLKq0gCseS3MEbWWE1m1V
            nU+vzVpwXeS6ngJ4LNbvh6EP8GYr66uezPIZu2waMXPHnaE9RNIOYmzxzOqJud1IVZpoYC
            rceJMKcqwDpN5gNvA8sgd3xkVz2qC94KIN
            -----END SSH SIGNATURE-----

            """)

    static let securityEd25519Key = """
        sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIGuqYFCdrD7HVXT81Or9+1g7JQGeQOWnVahxc+qL+jafAA\
        AABHNzaDo= sk-ed@example.org
        """

    static let securityEd25519Touched = Vector(
        name: "securityEd25519Touched", publicKey: securityEd25519Key,
        fingerprint: "SHA256:QEADivLsEhxoI+3UhtohHXzwGUCqdcCLoirekw8T4wg",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAEoAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAAAga6pgUJ
            2sPsdVdPzU6v37WDslAZ5A5adVqHFz6ov6Np8AAAAEc3NoOgAAABFhaXJsaWZ0LWJ1bmRs
            ZUB2MQAAAAAAAAAGc2hhNTEyAAAAZwAAABpzay1zc2gtZWQyNTUxOUBvcGVuc3NoLmNvbQ
            AAAEBOVC5yZen70MYM1zceS+CpFhtZ5qt9hE2I8YMezVT0iMRAXdtJHOq4toYCgihZNW6y
            9JHUKyudWR8d+VJ3tAAAAQAAAAc=
            -----END SSH SIGNATURE-----

            """)

    static let securityEd25519Untouched = Vector(
        name: "securityEd25519Untouched", publicKey: securityEd25519Key,
        fingerprint: "SHA256:QEADivLsEhxoI+3UhtohHXzwGUCqdcCLoirekw8T4wg",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAEoAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAAAga6pgUJ
            2sPsdVdPzU6v37WDslAZ5A5adVqHFz6ov6Np8AAAAEc3NoOgAAABFhaXJsaWZ0LWJ1bmRs
            ZUB2MQAAAAAAAAAGc2hhNTEyAAAAZwAAABpzay1zc2gtZWQyNTUxOUBvcGVuc3NoLmNvbQ
            AAAEBlZt65YqX0uXs93lIOeIrsy8hiGsv0fEuLlT2moGWE5kdyYBbvJcpeug9EGJqBL660
            Uw60+pD8hI5b48et+9YPAAAAAAg=
            -----END SSH SIGNATURE-----

            """)

    static let securityEd25519Verified = Vector(
        name: "securityEd25519Verified", publicKey: securityEd25519Key,
        fingerprint: "SHA256:QEADivLsEhxoI+3UhtohHXzwGUCqdcCLoirekw8T4wg",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAEoAAAAac2stc3NoLWVkMjU1MTlAb3BlbnNzaC5jb20AAAAga6pgUJ
            2sPsdVdPzU6v37WDslAZ5A5adVqHFz6ov6Np8AAAAEc3NoOgAAABFhaXJsaWZ0LWJ1bmRs
            ZUB2MQAAAAAAAAAGc2hhNTEyAAAAZwAAABpzay1zc2gtZWQyNTUxOUBvcGVuc3NoLmNvbQ
            AAAEAcnyvH4eZXrkXStAI0mpqXXQHQHoUdcSpRt0Mq9ID1djPGLmT+hXb+Mt8Wjrmv48eV
            JuklvR1zgkQOCG94NSkJBQAAAAk=
            -----END SSH SIGNATURE-----

            """)

    static let securityECDSAKey = """
        sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBHsz27CBEaQ9JX0O3B\
        uc6+fyI8ZccS4RHVOnleeqHHqtLmrsL5SW4DQBpjxat5LLHVi4zwXghTVBHUWVQZRuoFkAAAAEc3NoOg== sk-ec@example.org
        """

    static let securityECDSATouched = Vector(
        name: "securityECDSATouched", publicKey: securityECDSAKey,
        fingerprint: "SHA256:SZigRFMwWza29gDVYu2FhrsVfcsDq+4XJ7X9P9vxPdU",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAH8AAAAic2stZWNkc2Etc2hhMi1uaXN0cDI1NkBvcGVuc3NoLmNvbQ
            AAAAhuaXN0cDI1NgAAAEEEezPbsIERpD0lfQ7cG5zr5/IjxlxxLhEdU6eV56oceq0uauwv
            lJbgNAGmPFq3kssdWLjPBeCFNUEdRZVBlG6gWQAAAARzc2g6AAAAEWFpcmxpZnQtYnVuZG
            xlQHYxAAAAAAAAAAZzaGE1MTIAAAB4AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3Bl
            bnNzaC5jb20AAABJAAAAIQC/oWRI1UItCxYA41yM5tOLapxEGeuzefRcWtOrMRDHxAAAAC
            BXyg/kiW5tA+UV7blJxJq5VSRrcYUmXFodDjmMhByx0wEAAAAH
            -----END SSH SIGNATURE-----

            """)

    static let securityECDSAUntouched = Vector(
        name: "securityECDSAUntouched", publicKey: securityECDSAKey,
        fingerprint: "SHA256:SZigRFMwWza29gDVYu2FhrsVfcsDq+4XJ7X9P9vxPdU",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAH8AAAAic2stZWNkc2Etc2hhMi1uaXN0cDI1NkBvcGVuc3NoLmNvbQ
            AAAAhuaXN0cDI1NgAAAEEEezPbsIERpD0lfQ7cG5zr5/IjxlxxLhEdU6eV56oceq0uauwv
            lJbgNAGmPFq3kssdWLjPBeCFNUEdRZVBlG6gWQAAAARzc2g6AAAAEWFpcmxpZnQtYnVuZG
            xlQHYxAAAAAAAAAAZzaGE1MTIAAAB4AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3Bl
            bnNzaC5jb20AAABJAAAAIQDubetqb4OtBMlbiLjpCWgK1kxveuzmWJQtnvBhFRaFrQAAAC
            Ah6R3q6B1NfZGIU9w6uc7i15ej/7eneOPMwMoMaBpSegAAAAAI
            -----END SSH SIGNATURE-----

            """)

    static let securityECDSAVerified = Vector(
        name: "securityECDSAVerified", publicKey: securityECDSAKey,
        fingerprint: "SHA256:SZigRFMwWza29gDVYu2FhrsVfcsDq+4XJ7X9P9vxPdU",
        signature: """
            -----BEGIN SSH SIGNATURE-----
            U1NIU0lHAAAAAQAAAH8AAAAic2stZWNkc2Etc2hhMi1uaXN0cDI1NkBvcGVuc3NoLmNvbQ
            AAAAhuaXN0cDI1NgAAAEEEezPbsIERpD0lfQ7cG5zr5/IjxlxxLhEdU6eV56oceq0uauwv
            lJbgNAGmPFq3kssdWLjPBeCFNUEdRZVBlG6gWQAAAARzc2g6AAAAEWFpcmxpZnQtYnVuZG
            xlQHYxAAAAAAAAAAZzaGE1MTIAAAB4AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3Bl
            bnNzaC5jb20AAABJAAAAIQDmkUTZZ8K/3Rmw2KqJQsaQZWZfZbI5J+7bYGQUWgAsmAAAAC
            Av74R3e97XgnX3GDuFCaFulGkv2GwZ3yZfF1B3ub6ZAQUAAAAJ
            -----END SSH SIGNATURE-----

            """)

    /// An RSA key of 1,024 bits.
    static let shortRSAKey = """
        ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC0Dv8Ib2rG2NlD+4SOmw+fFcr0wcCvZW6h19+V9zMcUhs6/PWCZXYHNnwjS2\
        GrbXbJwN0autU1wOz8bU6gLCuBvIYvK/jBHdaZjauHCrEk4oeIyMUSLI/Px4qAm6X1GlNhhskl7P8h/19bf7ERHnfh\
        hhINO90duuZoXcGqr0ft5w== short@example.org
        """

    /// A DSA key.
    static let dsaKey = """
        ssh-dss AAAAB3NzaC1kc3MAAACBAJh/fLazD+fkVgtvbLslTIMz7Vu+5qqRyqWLN8i2Nd9Wh8GW3qxznpMrf53yVfa8NFDP47\
        sKUTNqOzICSyQqBiZcv1P58oTyn+Czha4Zj7r7YGTVnW1+DD3lB2+2Gg2KbBAskZCGbStJYl5BvEkO6hYogrCosGv8\
        BXNvqnqlkC85AAAAFQCoxx4/4m5aTBb2z6wFMdrcNA5/awAAAIAb26Y9IXzyWqz7U6AXNy7wN232puypcXBTsP3WeM\
        Z4KuM+s+U6RuV6EYyiSukDWE5mNN8lWDf7qLi1EQUG4H27ucQ+B8vbxdnUkYidVFfIi2bLOVcQCBwi9s77d4A3mHp/\
        EqN+EIWXi/MAo2GcnezmPeeapaUEXL3+oQ2czqwVcwAAAIBkCNlhKAd+pvTMe4VUELEYJFL1S2cy9zXpLz4RZo1aGk\
        OdJimLPMia6LLYemUyXkCVxETa1VuBuGrFqAyaca7HKyKp6kYYXvOXz8fwf/16FyvmFF685HEsimq6kpDK3Nuf8aJF\
        oVK3Vm2Q2F2aY6AjVFxDWSfSVFIeGfXDJ0xDqg== dsa@example.org
        """
}
