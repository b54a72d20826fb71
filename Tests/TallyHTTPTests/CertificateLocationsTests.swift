import TallyHTTP
import Testing

@Suite struct CertificateLocationsTests {
    private func locations(_ variables: [String: String], _ files: Set<String>) -> CertificateLocations {
        CertificateLocations(variable: { variables[$0] }, exists: { files.contains($0) })
    }

    @Test func `the first place that is named or exists is taken`() {
        let debian = "/etc/ssl/certs/ca-certificates.crt"
        #expect(locations(["AWS_CA_BUNDLE": "/a.pem", "LAMBDA_TASK_ROOT": "/t"], ["/t/certs"]).file == "/a.pem")
        #expect(locations(["LAMBDA_TASK_ROOT": "/t"], ["/t/certs", debian]).directory == "/t/certs")
        #expect(locations(["LAMBDA_TASK_ROOT": "/t"], [debian]).directory == "/etc/ssl/certs")
        #expect(locations(["SSL_CERT_FILE": "/s.pem"], ["/s.pem", debian]).file == "/s.pem")
        #expect(locations(["SSL_CERT_DIR": "/d"], ["/d"]).directory == "/d")
        #expect(locations([:], ["/etc/pki/tls/certs/ca-bundle.crt"]).file == "/etc/pki/tls/certs/ca-bundle.crt")
        #expect(locations([:], []).isEmpty)
    }

    @Test func `an empty variable counts as absent`() {
        #expect(locations(["AWS_CA_BUNDLE": "", "SSL_CERT_FILE": ""], []).isEmpty)
    }
}
