/// What a call does.
enum SoakOperation: CaseIterable {
    case getItem, putItem, updateItem, query
    case generateDataKey, decrypt
    case putObject, putStream, getObject, streamObject, dropObject, headObject
}
