import "./style.css";

export const metadata = { title: "isojot and Next.js", icons: "data:," };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>isojot and Next.js</h1>
          <p className="muted">One session for the server and the browser, and a JWT for whoever acts for the user.</p>
          {children}
          <footer>Appwrite-compatible, not affiliated with Appwrite.</footer>
        </main>
      </body>
    </html>
  );
}
