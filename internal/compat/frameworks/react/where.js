// Where the server is: the test writes it into the page's address.
const { hash } = location;
export const [endpoint, project] = decodeURIComponent(hash.slice(1)).split(" ");
