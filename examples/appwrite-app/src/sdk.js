// The one line that says which package the app uses: "isojot" or "appwrite".
export * from "isojot";
