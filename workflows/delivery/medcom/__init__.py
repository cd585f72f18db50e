"""MedCom CareCommunication 5.0 (FDIS91) over FHIR R4 JSON: the inbound *new-message* side.

`parse` reads a message, `spool` reads a large one in a limited child process, `build` makes one,
`check` judges a file. Reply, forward, outgoing acknowledgement and XML come later and share the rules.
"""
