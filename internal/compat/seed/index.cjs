const sdk = require(process.env.SDK);

// Init SDK
const client = new sdk.Client();

const account = new sdk.Account(client);

client
  .setEndpoint(process.env.ENDPOINT) // Your API Endpoint
  .setProject(process.env.PROJECT) // Your project ID
  .setJWT(process.env.JWT); // Your secret JSON Web Token

account.get().then(
  (response) => console.log(JSON.stringify(response)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
