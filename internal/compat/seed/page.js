appwrite.account.createJWT().then(
  (response) => {
    console.log(response); // Success
    document.title = "Success";
    document.body.append(response.jwt);
  },
  (error) => {
    console.log(error); // Failure
    document.title = "Failure";
    document.body.append(error.message);
  },
);
